package dev.fanfare.session;

import dev.fanfare.protocol.WorkerId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Which tokens take up which worker's session again. Each is good once, and for a while after a
 * break.
 */
final class ResumeTokens {
  /** How long after its session's end a token is good. */
  static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** The most tokens of ended sessions that are kept; older ones go first. */
  static final int MOST_LEFT = 10_000;

  private final Map<String, WorkerId> live = new LinkedHashMap<>();
  private final Map<String, Left> left = new LinkedHashMap<>();

  /** A token whose session ended. */
  private record Left(WorkerId worker, long until) {}

  String issue(WorkerId worker) {
    String token = SessionIds.text();
    live.put(token, worker);
    return token;
  }

  /** Its session ended. */
  void leave(String token) {
    WorkerId worker = live.remove(token);
    if (worker != null) {
      left.put(token, new Left(worker, System.nanoTime() + KEPT_NANOS));
      if (left.size() > MOST_LEFT) {
        left.remove(left.keySet().iterator().next());
      }
    }
  }

  /** Whether the token takes up the worker's session; it does not do so again. */
  boolean use(String token, WorkerId worker) {
    Left ended = left.get(token);
    if (ended != null && ended.worker().equals(worker)) {
      left.remove(token);
      return ended.until() - System.nanoTime() > 0;
    }
    return live.remove(token, worker);
  }
}
