package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply.Cancellation;
import dev.fanfare.shard.ShardCounts;
import dev.fanfare.shard.Submission;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One gateway's traffic with the queue. Its doors may be called from any thread; what they answer
 * comes on the dispatcher's context.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class Dispatcher {

  /** A fresh id in a shard that this gateway's member holds; the same shard for a while. */
  public InvocationId newId() {
    throw new UnsupportedOperationException();
  }

  /** Hands an invocation to its shard with whatever else goes there in this tick. */
  public void submit(Submission submission, Waiter waiter) {
    throw new UnsupportedOperationException();
  }

  /** Tells its waiter nothing more: the caller went away. The invocation goes on. */
  public void leave(InvocationId id) {
    throw new UnsupportedOperationException();
  }

  /** Cancels; another tenant's invocation answers as a missing one. */
  public Future<Cancellation> cancel(TenantId tenant, InvocationId id, String reason) {
    throw new UnsupportedOperationException();
  }

  /** The invocation as it stands: from its shard, else from the history. */
  public Future<Optional<InvocationRecord>> find(TenantId tenant, InvocationId id) {
    throw new UnsupportedOperationException();
  }

  /** The invocation when it is terminal, or as it stands when the time is over. */
  public Future<Optional<InvocationRecord>> await(
      TenantId tenant, InvocationId id, Duration longest) {
    throw new UnsupportedOperationException();
  }

  /** The workers whose sessions are on this gateway. */
  public List<WorkerView> workers() {
    throw new UnsupportedOperationException();
  }

  /** Why no connected worker could run work with these demands; empty when one could. */
  public Optional<String> whyNot(Requirements requirements) {
    throw new UnsupportedOperationException();
  }

  /** The figures of all shards, summed. */
  public Future<ShardCounts> counts() {
    throw new UnsupportedOperationException();
  }
}
