package dev.fanfare.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.ExecutorConfig;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.SerializationConfig;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.shard.Silence;
import dev.fanfare.sharing.Neighbours;
import java.time.Duration;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A member's Hazelcast configuration. */
final class MemberSettings {
  static final String SHARDS = "fanfare.shards";

  /** Answers of operations, operations without a partition, input and output: little work each. */
  private static final Map<String, Integer> THREADS =
      Map.of(
          "hazelcast.operation.generic.thread.count", 1,
          "hazelcast.operation.priority.generic.thread.count", 1,
          "hazelcast.operation.response.thread.count", 1,
          "hazelcast.io.input.thread.count", 1,
          "hazelcast.io.output.thread.count", 1,
          "hazelcast.event.thread.count", 1,
          "hazelcast.clientengine.thread.count", 1,
          "hazelcast.clientengine.query.thread.count", 1,
          "hazelcast.clientengine.blocking.thread.count", 1);

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("hazelcast.logging.type", "jdk"),
          Map.entry("hazelcast.logging.details.enabled", "false"),
          Map.entry("hazelcast.phone.home.enabled", "false"),
          Map.entry("hazelcast.health.monitoring.level", "OFF"),
          Map.entry("hazelcast.jmx", "false"),
          Map.entry("hazelcast.shutdownhook.enabled", "false"),
          Map.entry("hazelcast.socket.bind.any", "false"),
          // An address from which nothing comes back is one where nobody is, long before joining
          // ends.
          Map.entry("hazelcast.socket.connect.timeout.seconds", "4"),
          Map.entry("hazelcast.wait.seconds.before.join", "0"),
          Map.entry("hazelcast.max.wait.seconds.before.join", "0"),
          Map.entry("hazelcast.max.no.heartbeat.seconds", seconds(Silence.LONGEST)),
          Map.entry("hazelcast.heartbeat.interval.seconds", seconds(Silence.BETWEEN_SIGNS)),
          Map.entry("hazelcast.merge.first.run.delay.seconds", "5"),
          Map.entry("hazelcast.merge.next.run.delay.seconds", "5"),
          Map.entry("hazelcast.operation.fail.on.indeterminate.state", "true"),
          Map.entry("hazelcast.operation.call.timeout.millis", "15000"),
          Map.entry("hazelcast.operation.backup.timeout.millis", "3000"),
          Map.entry("hazelcast.graceful.shutdown.max.wait", "20"));

  /** Held, since a logger that nobody holds forgets its level. */
  static final Logger HAZELCAST_LOG = Logger.getLogger("com.hazelcast");

  /** Asks for access to the JDK's insides at every start; nothing here needs it. */
  private static final Logger START_LOG =
      Logger.getLogger("com.hazelcast.instance.impl.HazelcastInstanceFactory");

  /** Tells of operations that a closing member ends twice, which is of no consequence. */
  private static final Logger OPERATION_LOG =
      Logger.getLogger("com.hazelcast.spi.impl.operationservice.impl.Invocation");

  private static final Duration LONGEST_AGREEMENT = Duration.ofSeconds(45);

  private MemberSettings() {}

  private static String seconds(Duration time) {
    return Long.toString(Math.max(1, time.toSeconds()));
  }

  /** Keeps Hazelcast to warnings, unless somebody has asked for another level. */
  static void quieten() {
    if (HAZELCAST_LOG.getLevel() == null) {
      HAZELCAST_LOG.setLevel(Level.WARNING);
      START_LOG.setLevel(Level.SEVERE);
      OPERATION_LOG.setLevel(Level.SEVERE);
    }
  }

  static Config of(NodeConfiguration configuration, NodeId self, ShardOwner owner) {
    Config config = new Config();
    config.setClusterName(ClusterKey.secretName(configuration));
    config.setLiteMember(!configuration.holdsShards());
    config.setInstanceName(self.value());
    config.getUserContext().put(ShardOwner.CONTEXT_KEY, owner);
    PROPERTIES.forEach(config::setProperty);
    THREADS.forEach((name, count) -> config.setProperty(name, count.toString()));
    // One shard in each partition: then members with as many partitions have as many shards.
    config.setProperty("hazelcast.partition.count", Integer.toString(configuration.shardCount()));
    config.setProperty(
        "hazelcast.operation.thread.count",
        Integer.toString(Runtime.getRuntime().availableProcessors()));
    config.setProperty(
        "hazelcast.max.join.seconds", Long.toString(patience(configuration).toSeconds()));
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    network(config.getNetworkConfig(), configuration);
    serialization(config.getSerializationConfig());
    config.addMapConfig(shards(configuration));
    Claims.settings(configuration.backupCount()).forEach(config::addMapConfig);
    eventBus(config, self);
    mail(config, self);
    questions(config);
    Agreement.of(configuration).showIn(config.getMemberAttributeConfig());
    return config;
  }

  /** Nodes that all start at once have to agree on a first one, which loaded machines do slowly. */
  private static Duration patience(NodeConfiguration configuration) {
    return configuration.join().size() > 1 ? LONGEST_AGREEMENT : Joining.LONGEST_WAIT;
  }

  private static void network(NetworkConfig network, NodeConfiguration configuration) {
    String address = MemberAddress.resolve(configuration.memberHost()).getHostAddress();
    network.setPort(configuration.memberPort()).setPortAutoIncrement(false).setReuseAddress(true);
    network.getInterfaces().setEnabled(true).addInterface(address);
    var join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(true) // with nobody to join, too: members whose ways differ refuse each other
        .setMembers(configuration.join().stream().map(MemberAddress::inFigures).toList())
        .setConnectionTimeoutSeconds(2);
  }

  /** Only what members really send is made from bytes. */
  private static void serialization(SerializationConfig serialization) {
    var allowed = new JavaSerializationFilterConfig().setDefaultsDisabled(true);
    allowed
        .getWhitelist()
        .addPrefixes(
            "dev.fanfare.", "java.lang.", "java.util.", "com.hazelcast.", "io.vertx.", "[");
    allowed
        .getBlacklist()
        .addPrefixes("java.lang.reflect.", "java.lang.invoke.", "java.util.logging.")
        .addClasses("java.lang.ProcessBuilder", "java.lang.Runtime", "java.util.ServiceLoader");
    serialization
        .setAllowUnsafe(false)
        .setCheckClassDefErrors(true)
        .setJavaSerializationFilterConfig(allowed)
        .addDataSerializableFactory(ClusterTypes.FACTORY, new ClusterTypes());
  }

  private static MapConfig shards(NodeConfiguration configuration) {
    MapConfig shards = new MapConfig(SHARDS);
    shards
        .setInMemoryFormat(InMemoryFormat.OBJECT)
        .setBackupCount(configuration.backupCount())
        .setStatisticsEnabled(false)
        .setPerEntryStatsEnabled(false);
    return shards;
  }

  /** What the clustered event bus of Vert.x needs of a member that it did not start. */
  private static void eventBus(Config config, NodeId self) {
    config.getMemberAttributeConfig().setAttribute("__vertx.nodeId", self.value());
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs")
            .setBackupCount(1)
            .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
    config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));
  }

  /** One thread, so that letters keep their order. */
  private static void mail(Config config, NodeId self) {
    config.addExecutorConfig(
        new ExecutorConfig(ClusterMail.EXECUTOR, 1)
            .setQueueCapacity(ClusterMail.MOST_WAITING)
            .setStatisticsEnabled(false));
    config.getMemberAttributeConfig().setAttribute(Members.NODE_ATTRIBUTE, self.value());
  }

  private static void questions(Config config) {
    for (Neighbours.Topic topic : Neighbours.Topic.values()) {
      config.addExecutorConfig(
          new ExecutorConfig(ClusterNeighbours.executor(topic), ClusterNeighbours.THREADS)
              .setQueueCapacity(ClusterNeighbours.MOST_WAITING)
              .setStatisticsEnabled(false));
    }
  }
}
