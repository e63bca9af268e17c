package dev.fanfare.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import dev.fanfare.protocol.NodeId;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Mail by tasks that members run for each other: a task's end says that the letter was taken in.
 */
final class ClusterMail implements Mail {
  static final String EXECUTOR = "fanfare.mail";
  static final String CONTEXT_KEY = "fanfare.mail";

  /** The most letters that wait at a receiver; further ones are refused. */
  static final int MOST_WAITING = 10_000;

  private final NodeId self;
  private final Members members;
  private final IExecutorService executor;
  private volatile @Nullable BiConsumer<NodeId, byte[]> receiver;

  ClusterMail(HazelcastInstance hazelcast, NodeId self, Members members) {
    this.self = self;
    this.members = members;
    this.executor = hazelcast.getExecutorService(EXECUTOR);
    hazelcast.getUserContext().put(CONTEXT_KEY, this);
  }

  @Override
  public Set<NodeId> others() {
    return members.byId().keySet();
  }

  @Override
  public CompletionStage<Void> send(NodeId to, byte[] letter) {
    var taken = new CompletableFuture<Void>();
    Member member = members.find(to);
    if (member == null) {
      taken.completeExceptionally(new IllegalStateException("node " + to + " is not here"));
      return taken;
    }
    try {
      executor.submitToMember(new Delivery(self, letter), member, new Answer(taken));
    } catch (RuntimeException e) {
      taken.completeExceptionally(e);
    }
    return taken;
  }

  @Override
  public void receive(BiConsumer<NodeId, byte[]> to) {
    receiver = to;
  }

  /** A letter came. */
  void delivered(NodeId from, byte[] letter) {
    BiConsumer<NodeId, byte[]> to = receiver;
    if (to == null) {
      throw new IllegalStateException("nobody takes letters at node " + self);
    }
    to.accept(from, letter);
  }

  private record Answer(CompletableFuture<Void> taken) implements ExecutionCallback<Boolean> {
    @Override
    public void onResponse(Boolean done) {
      taken.complete(null);
    }

    @Override
    public void onFailure(Throwable failure) {
      taken.completeExceptionally(failure);
    }
  }
}
