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
 */
public record Offer(SessionId session, int free, List<Warm> warm) {
  public Offer {
    warm = List.copyOf(warm);
  }

  /** Room in runtimes of one function. */
  public record Warm(RevisionId revision, FunctionName function, int count) {}
}
