package dev.fanfare.shard;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.SessionId;
import java.util.List;

/**
 * Room on an attached session, for this operation only; what is not used stays with the gateway.
 *
 * @param free invocations of any function that the worker may run
 * @param warm invocations of particular functions, for runtimes that are already theirs; used
 *     before {@code free}, and only while no other function that this worker could run has the
 *     better claim
 * @param guests invocations of functions that are not at home there, one of each, when they have
 *     the best claim and nothing is free: the worker hands a slot over
 * @param atHome the functions that the session holds leases of
 * @param full the functions that have as many runtimes there as they may: they get warm room only
 */
public record Offer(
    SessionId session,
    int free,
    List<Warm> warm,
    int guests,
    List<WarmKey> atHome,
    List<WarmKey> full) {
  public Offer {
    warm = List.copyOf(warm);
    atHome = List.copyOf(atHome);
    full = List.copyOf(full);
  }

  /** Room for no guest. */
  public Offer(SessionId session, int free, List<Warm> warm) {
    this(session, free, warm, 0, List.of(), List.of());
  }

  /** Room in runtimes of one function. */
  public record Warm(RevisionId revision, FunctionName function, int count) {}

  /** Whether there is any. */
  public boolean any() {
    return free > 0 || guests > 0 || !warm.isEmpty();
  }
}
