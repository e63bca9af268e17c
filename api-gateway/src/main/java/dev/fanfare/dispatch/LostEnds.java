package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Finds ends that this gateway was not told: another one had heard of them from the shard, as its
 * worker had done the work, and was lost before it told. The shard keeps an end until its ledger
 * has it, so what has been in its shard for a while is looked at now and then. Only on the
 * dispatcher's context.
 */
final class LostEnds {
  static final long LOOK_MILLIS = 1_000;

  /** The most that are looked at then. */
  static final int MOST = 500;

  /** What was given to its shard, or looked at, within this time is left alone. */
  static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Traffic traffic;

  /** When each was last looked at, the longest ago first. */
  private final Map<InvocationId, Long> lookedAt = new LinkedHashMap<>();

  LostEnds(Traffic traffic) {
    this.traffic = traffic;
  }

  void start() {
    traffic.every(LOOK_MILLIS, this::look);
  }

  /** It was given to its shard, and this gateway is to be told its end. */
  void expect(InvocationId id) {
    lookedAt.putIfAbsent(id, System.nanoTime());
  }

  /** Its end was told, or nobody waits for it. */
  void over(InvocationId id) {
    lookedAt.remove(id);
  }

  /** Nothing is known to be in a shard. */
  void clear() {
    lookedAt.clear();
  }

  private void look() {
    long now = System.nanoTime();
    List<InvocationId> due =
        lookedAt.entrySet().stream()
            .takeWhile(entry -> now - entry.getValue() > PAUSE_NANOS)
            .limit(MOST)
            .map(Map.Entry::getKey)
            .toList();
    for (InvocationId id : due) {
      lookedAt.remove(id);
      lookedAt.put(id, now);
      traffic.laneOf(id).find(id, Finding.Seeker.ofEnded(traffic.effects()::endedHere));
    }
  }
}
