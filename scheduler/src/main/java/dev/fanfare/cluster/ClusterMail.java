package dev.fanfare.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.IExecutorService;
import dev.fanfare.protocol.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Mail by tasks that members run for each other: a task's end says that the letter was taken in.
 */
final class ClusterMail implements Mail {
  static final String EXECUTOR = "fanfare.mail";
  static final String CONTEXT_KEY = "fanfare.mail";

  /** A member's attribute that says which node it is. */
  static final String NODE_ATTRIBUTE = "fanfare.node";

  /** The most letters that wait at a receiver; further ones are refused. */
  static final int MOST_WAITING = 10_000;

  private final HazelcastInstance hazelcast;
  private final NodeId self;
  private final IExecutorService executor;
  private volatile Map<NodeId, Member> others = Map.of();
  private volatile @Nullable BiConsumer<NodeId, byte[]> receiver;

  ClusterMail(HazelcastInstance hazelcast, NodeId self) {
    this.hazelcast = hazelcast;
    this.self = self;
    this.executor = hazelcast.getExecutorService(EXECUTOR);
    hazelcast.getUserContext().put(CONTEXT_KEY, this);
    hazelcast.getCluster().addMembershipListener(new OnMembership());
    refresh();
  }

  @Override
  public Set<NodeId> others() {
    return others.keySet();
  }

  @Override
  public CompletionStage<Void> send(NodeId to, byte[] letter) {
    var taken = new CompletableFuture<Void>();
    Member member = others.get(to);
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

  private void refresh() {
    others =
        hazelcast.getCluster().getMembers().stream()
            .filter(member -> !member.localMember())
            .filter(member -> member.getAttribute(NODE_ATTRIBUTE) != null)
            .collect(
                Collectors.toUnmodifiableMap(
                    member -> new NodeId(member.getAttribute(NODE_ATTRIBUTE)), member -> member));
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

  private final class OnMembership implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      refresh();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      refresh();
    }
  }
}
