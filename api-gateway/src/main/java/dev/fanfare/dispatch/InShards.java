package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.shard.Submission;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The accepted work that was given to its shard and whose end is not on disk: how much it is, and
 * for how much more there is room. Only on the dispatcher's context.
 */
final class InShards {
  private final BacklogLimits limits;
  private final Map<InvocationId, Given> all = new HashMap<>();
  private long bytes;
  private volatile int count;

  private record Given(StandingQueue queue, long bytes) {}

  InShards(BacklogLimits limits) {
    this.limits = limits;
  }

  /** How many there are. From any thread. */
  int count() {
    return count;
  }

  boolean has(InvocationId id) {
    return all.containsKey(id);
  }

  /** One is given. Returns whether it was not there before. */
  boolean add(Submission work, StandingQueue queue) {
    long size = bytes(work);
    boolean news = all.put(work.id(), new Given(queue, size)) == null;
    if (news) {
      queue.given();
      bytes += size;
      count = all.size();
    }
    return news;
  }

  /** One is not there any more. Returns its queue, or null if it was not there. */
  @Nullable StandingQueue remove(InvocationId id) {
    Given gone = all.remove(id);
    if (gone == null) {
      return null;
    }
    gone.queue.gone();
    bytes -= gone.bytes;
    count = all.size();
    return gone.queue;
  }

  /** Shards lost what they were given. */
  void lost() {
    all.clear();
    bytes = 0;
    count = 0;
  }

  // ---- room ----

  boolean hasRoom(StandingQueue queue) {
    return all.size() < limits.inShards() && bytes < limits.bytesInShards()
        || queue.inShards() < limits.ofFunction() && hasRoomToSpare();
  }

  /** There is room for work that does not wait for its turn. */
  boolean hasRoomToSpare() {
    return all.size() < 2L * limits.inShards() && bytes < 2 * limits.bytesInShards();
  }

  /** Whether so much has ended that a page of the queue is worth reading. */
  boolean wantsMore(StandingQueue queue) {
    boolean some = all.size() <= limits.inShards() / 2 && bytes <= limits.bytesInShards() / 2;
    boolean own = queue.inShards() <= limits.ofFunction() / 2 && hasRoomToSpare();
    return some || own;
  }

  private static long bytes(Submission work) {
    return work.payload() instanceof Payload.Inline inline ? inline.size() : 0;
  }
}
