package dev.fanfare.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.core.HazelcastInstance;
import dev.fanfare.protocol.NodeId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The other members of the cluster by the ids of their nodes, as far as is known. Thread-safe. */
final class Members {
  /** A member's attribute that says which node it is. */
  static final String NODE_ATTRIBUTE = "fanfare.node";

  private final HazelcastInstance hazelcast;
  private final List<Runnable> arrivalListeners = new CopyOnWriteArrayList<>();
  private volatile Map<NodeId, Member> others = Map.of();
  private volatile List<NodeId> order = List.of();

  Members(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    hazelcast.getCluster().addMembershipListener(new OnMembership());
    refresh();
  }

  /** Those that hold shards first. */
  List<NodeId> others() {
    return order;
  }

  /** By their ids. */
  Map<NodeId, Member> byId() {
    return others;
  }

  @Nullable Member find(NodeId node) {
    return others.get(node);
  }

  /** Is told on a thread that must not be blocked. */
  void onArrival(Runnable listener) {
    arrivalListeners.add(listener);
  }

  private synchronized void refresh() {
    Map<NodeId, Member> found = new LinkedHashMap<>();
    hazelcast.getCluster().getMembers().stream()
        .filter(member -> !member.localMember())
        .filter(member -> member.getAttribute(NODE_ATTRIBUTE) != null)
        .sorted(Comparator.comparing(Member::isLiteMember))
        .forEach(member -> found.put(new NodeId(member.getAttribute(NODE_ATTRIBUTE)), member));
    order = List.copyOf(found.keySet());
    others = Map.copyOf(found);
  }

  private final class OnMembership implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      refresh();
      arrivalListeners.forEach(Runnable::run);
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      refresh();
    }
  }
}
