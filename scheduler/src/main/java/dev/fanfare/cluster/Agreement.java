package dev.fanfare.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.MemberAttributeConfig;
import dev.fanfare.encoding.WireOutput;
import java.util.Optional;

/** The settings that all nodes of a cluster must have alike, in words. */
record Agreement(String text) {
  private static final String ATTRIBUTE = "fanfare.agreement";

  static Agreement of(NodeConfiguration configuration) {
    String backups =
        configuration.holdsShards() ? ", --backup-count " + configuration.backupCount() : "";
    return new Agreement(
        "format "
            + WireOutput.FORMAT
            + ", --shards "
            + configuration.shardCount()
            + (configuration.ledger().isPresent() ? ", with --ledger" : ", without --ledger")
            + backups);
  }

  void showIn(MemberAttributeConfig attributes) {
    attributes.setAttribute(ATTRIBUTE, text);
  }

  /** Another member's that differs. Those without shards have no word in backups. */
  Optional<Agreement> contradictedBy(Cluster cluster) {
    return cluster.getMembers().stream()
        .filter(member -> !member.localMember())
        .map(Agreement::of)
        .flatMap(Optional::stream)
        .filter(other -> !other.text.startsWith(text) && !text.startsWith(other.text))
        .findFirst();
  }

  private static Optional<Agreement> of(Member member) {
    return Optional.ofNullable(member.getAttribute(ATTRIBUTE)).map(Agreement::new);
  }
}
