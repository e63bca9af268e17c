package dev.fanfare.dispatch;

import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;

/**
 * A connected worker as it stands about now.
 *
 * @param peer where it connects from
 * @param free invocations of any function that it would take
 * @param running leases it holds
 * @param runtimes runtime processes it says it has
 * @param blankRuntimes those of them that wait for a revision
 * @param load the machine's load average as it says
 * @param connectedAt epoch microseconds
 * @param draining whether it takes no more work
 */
public record WorkerView(
    WorkerProfile profile,
    SessionId session,
    String peer,
    int free,
    int running,
    int runtimes,
    int blankRuntimes,
    double load,
    long connectedAt,
    boolean draining) {

  /** Whether it is the worker of this name. */
  public boolean is(WorkerId worker) {
    return profile.id().equals(worker);
  }
}
