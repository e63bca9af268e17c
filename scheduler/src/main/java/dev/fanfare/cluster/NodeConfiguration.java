package dev.fanfare.cluster;

import dev.fanfare.ledger.LedgerUrl;
import dev.fanfare.ledger.Retention;
import dev.fanfare.shard.ShardLimits;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a node is to be.
 *
 * @param dataDirectory for this node alone
 * @param memberHost where other members reach this one: a loopback or private address or its name
 * @param memberPort 0 for any that is free
 * @param join other members, {@code host} or {@code host:port}; none for a cluster of its own. A
 *     name that does not resolve is one of a node that is down.
 * @param backupCount on how many other members each shard has a copy, 0 to 6
 * @param shardCount the same on every member of a cluster, 1 to 1024
 * @param holdsShards whether this node keeps a part of the queue; some node of a cluster must
 * @param clusterKey what all nodes of the cluster know and nobody else does; absent where nobody
 *     else can reach the member
 * @param ledger one that the nodes of the cluster share; absent for one beside this node
 * @param history how long ended invocations are kept
 * @param blobAge how long blobs that no revision needs are kept after they were last written
 */
public record NodeConfiguration(
    Path dataDirectory,
    String memberHost,
    int memberPort,
    List<String> join,
    int backupCount,
    int shardCount,
    String clusterName,
    boolean holdsShards,
    Optional<String> clusterKey,
    Optional<LedgerUrl> ledger,
    ShardLimits limits,
    Retention history,
    Duration blobAge) {
  public static final int DEFAULT_PORT = 5701;
  public static final int DEFAULT_SHARDS = 32;
  public static final int MOST_SHARDS = 1_024;
  public static final int MOST_BACKUPS = 6;
  public static final Duration DEFAULT_BLOB_AGE = Duration.ofDays(8);

  public NodeConfiguration {
    join = List.copyOf(join);
    require(memberPort >= 0 && memberPort <= 65_535, "the member port is 0 to 65535");
    require(backupCount >= 0 && backupCount <= MOST_BACKUPS, "the backup count is 0 to 6");
    require(shardCount >= 1 && shardCount <= MOST_SHARDS, "the shard count is 1 to 1024");
    require(!clusterName.isBlank(), "the cluster needs a name");
    clusterKey.ifPresent(ClusterKey::check);
    require(blobAge.isPositive(), "blobs are kept for some time, not none");
    MemberAddress.check(memberHost);
    join.forEach(MemberAddress::checkNamed);
  }

  /**
   * A node that is a cluster of its own, on loopback, with everything else as it is by default. Its
   * cluster has a name that nobody can guess, so that nobody joins it.
   */
  public static NodeConfiguration alone(Path dataDirectory) {
    return new NodeConfiguration(
        dataDirectory,
        "127.0.0.1",
        0,
        List.of(),
        1,
        DEFAULT_SHARDS,
        "alone-" + new BigInteger(128, new SecureRandom()).toString(36),
        true,
        Optional.empty(),
        Optional.empty(),
        ShardLimits.DEFAULT,
        Retention.DEFAULT,
        DEFAULT_BLOB_AGE);
  }

  /** This, as a member that others can reach and that joins these. */
  public NodeConfiguration member(String host, int port, List<String> others, String cluster) {
    return new NodeConfiguration(
        dataDirectory,
        host,
        port,
        others,
        backupCount,
        shardCount,
        cluster,
        holdsShards,
        clusterKey,
        ledger,
        limits,
        history,
        blobAge);
  }

  /** This, with so many shards in the cluster and so many copies of each. */
  public NodeConfiguration shards(int count, int backups) {
    return new NodeConfiguration(
        dataDirectory,
        memberHost,
        memberPort,
        join,
        backups,
        count,
        clusterName,
        holdsShards,
        clusterKey,
        ledger,
        limits,
        history,
        blobAge);
  }

  /** This, in a cluster with this key. */
  public NodeConfiguration key(String key) {
    return new NodeConfiguration(
        dataDirectory,
        memberHost,
        memberPort,
        join,
        backupCount,
        shardCount,
        clusterName,
        holdsShards,
        Optional.of(key),
        ledger,
        limits,
        history,
        blobAge);
  }

  /** This, with a ledger that all nodes share; without one if there is none. */
  public NodeConfiguration ledger(Optional<LedgerUrl> shared) {
    return new NodeConfiguration(
        dataDirectory,
        memberHost,
        memberPort,
        join,
        backupCount,
        shardCount,
        clusterName,
        holdsShards,
        clusterKey,
        shared,
        limits,
        history,
        blobAge);
  }

  /** This, as a node that keeps no part of the queue. */
  public NodeConfiguration withoutShards() {
    return new NodeConfiguration(
        dataDirectory,
        memberHost,
        memberPort,
        join,
        backupCount,
        shardCount,
        clusterName,
        false,
        clusterKey,
        ledger,
        limits,
        history,
        blobAge);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }
}
