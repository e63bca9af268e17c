package dev.fanfare.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import dev.fanfare.protocol.NodeId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The other members of the cluster by the ids of their nodes, as far as is known. Thread-safe. */
final class Members {
  /** A member's attribute that says which node it is. */
  static final String NODE_ATTRIBUTE = "fanfare.node";

  private final HazelcastInstance hazelcast;
  private volatile Map<NodeId, Member> others = Map.of();
  private volatile List<NodeId> keepers = List.of();

  Members(HazelcastInstance hazelcast) {
    this.hazelcast = hazelcast;
    hazelcast.getCluster().addMembershipListener(new OnMembership(this::refresh));
    refresh();
  }

  /** Those that hold shards, or all where none does. */
  List<NodeId> keepers() {
    return keepers;
  }

  /** By the ids of their nodes. */
  Map<NodeId, Member> byId() {
    return others;
  }

  @Nullable Member find(NodeId node) {
    return others.get(node);
  }

  private synchronized void refresh() {
    Map<NodeId, Member> found = new LinkedHashMap<>();
    hazelcast.getCluster().getMembers().stream()
        .filter(member -> !member.localMember())
        .filter(member -> member.getAttribute(NODE_ATTRIBUTE) != null)
        .forEach(member -> found.put(new NodeId(member.getAttribute(NODE_ATTRIBUTE)), member));
    others = Map.copyOf(found);
    List<NodeId> holding =
        found.entrySet().stream()
            .filter(entry -> !entry.getValue().isLiteMember())
            .map(Map.Entry::getKey)
            .toList();
    keepers = holding.isEmpty() ? List.copyOf(found.keySet()) : holding;
  }
}
