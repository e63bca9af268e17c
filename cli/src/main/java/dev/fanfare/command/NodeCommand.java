package dev.fanfare.command;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.context.ContextFile;
import dev.fanfare.health.HealthServer;
import dev.fanfare.platform.AdminKey;
import dev.fanfare.platform.ClusterKeyFile;
import dev.fanfare.platform.Logging;
import dev.fanfare.platform.Phases;
import dev.fanfare.platform.Platform;
import dev.fanfare.platform.PlatformConfiguration;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.StopSignal;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "node",
    description = {
      "Runs one node of a cluster in this process, without a worker.",
      "A node has one role or both: a scheduler holds a part of the queue, with copies on other"
          + " schedulers; a gateway answers HTTP and takes workers in. Any gateway answers for all"
          + " functions, invocations and workers of the cluster.",
      "The first node names nobody to join, or itself among others; it makes the cluster's key and"
          + " keeps it in its data folder, in the file 'cluster-key'. Others join it with --join"
          + " and need that key the first time; a node without it is refused.",
      "Members talk to each other on loopback or a private network only, unencrypted: whoever can"
          + " listen there can learn the key.",
      "Ctrl-C or SIGTERM hands workers and shards to the other nodes, then stops."
    })
final class NodeCommand extends LocalCommand {

  /** What a node does. */
  enum Role {
    GATEWAY,
    SCHEDULER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin GatewayOptions gateway = new GatewayOptions();
  @Mixin KnownKeys keys = new KnownKeys();
  @Mixin HealthOption health = new HealthOption();

  @Option(
      names = "--roles",
      paramLabel = "ROLE",
      split = ",",
      splitSynopsisLabel = ",",
      defaultValue = "gateway,scheduler",
      description = "What this node does: ${COMPLETION-CANDIDATES} (default: both).")
  List<Role> roles;

  @Option(
      names = "--join",
      paramLabel = "HOST[:PORT]",
      split = ",",
      splitSynopsisLabel = ",",
      description =
          "Nodes to find the cluster by: one that is up is enough, all is best. The node's own"
              + " address among them lets it be the first.")
  List<String> join = List.of();

  @Option(
      names = "--member-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The loopback or private address other nodes reach this one at (default: 127.0.0.1).")
  String memberHost;

  @Option(
      names = "--member-port",
      paramLabel = "PORT",
      defaultValue = "5701",
      description = "The port for other nodes, 0 for any free one (default: 5701).")
  int memberPort;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      defaultValue = "fanfare",
      description = "The cluster's name (default: fanfare).")
  String cluster;

  @Option(
      names = "--cluster-key",
      paramLabel = "KEY",
      description =
          "The cluster's key, at least 16 characters. Other users of this machine can see flags;"
              + " FANFARE_NODE_CLUSTER_KEY they cannot.")
  Optional<String> clusterKey = Optional.empty();

  @Option(
      names = "--cluster-key-file",
      paramLabel = "FILE",
      description = "A file with the cluster's key that nobody else may read.")
  Optional<Path> clusterKeyFile = Optional.empty();

  @Option(
      names = "--backup-count",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "On how many other nodes each part of the queue has a copy, 0 to 6; the same on all"
              + " schedulers (default: 1).")
  int backupCount;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "32",
      description =
          "Into how many parts the queue is divided, 1 to 1024; the same on all nodes (default:"
              + " 32).")
  int shards;

  @Override
  ExitCode run() {
    Logging.to(shell().err(), fanfare().verbose());
    try (StopSignal stop = StopSignal.install()) {
      Phases phases = fanfare().verbose() ? Phases.toldTo(shell()::say) : Phases.untold();
      try (Platform platform = Platform.start(configuration(), phases)) {
        if (platform.answersHttp()) {
          saveContext(platform);
        }
        try (HealthServer _ = health.open(platform::running)) {
          tellReady(platform);
          ExitCode code = stop.await();
          shell()
              .say("stopping: workers and shards go to the other nodes (Ctrl-C ends it at once)");
          return code;
        }
      }
    }
  }

  /** A good context stays: any gateway answers for the whole cluster. */
  private void saveContext(Platform platform) {
    ContextFile file = ContextFile.in(shell().configurationFolder());
    if (platform.alone() || !AdminKey.isKnown(platform.keys(), file, UpCommand.CONTEXT)) {
      AdminKey.save(platform.keys(), file, UpCommand.CONTEXT, platform.url());
    }
  }

  private void tellReady(Platform platform) {
    String member = memberHost + ":" + platform.memberPort();
    shell()
        .say(
            "others join with: --join %s --cluster-key-file %s"
                .formatted(member, ClusterKeyFile.in(gateway.data(shell())).path()));
    shell()
        .out()
        .println("ready " + (platform.answersHttp() ? platform.url() : "member " + member));
  }

  private PlatformConfiguration configuration() {
    Set<Role> wanted = EnumSet.copyOf(roles);
    Path data = gateway.data(shell());
    try {
      NodeConfiguration node =
          NodeConfiguration.alone(data)
              .member(memberHost, memberPort, join, cluster)
              .shards(shards, backupCount)
              .ledger(gateway.ledger(shell()))
              .key(ClusterKeyFile.in(data).key(key(), !join.isEmpty()));
      return new PlatformConfiguration(
          wanted.contains(Role.SCHEDULER) ? node : node.withoutShards(),
          wanted.contains(Role.GATEWAY) ? Optional.of(gateway.configuration()) : Optional.empty(),
          Optional.empty(),
          keys.read());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private Optional<String> key() {
    if (clusterKey.isPresent() && clusterKeyFile.isPresent()) {
      throw CommandException.usage("--cluster-key and --cluster-key-file exclude each other");
    }
    return clusterKey.or(() -> clusterKeyFile.map(ClusterKeyFile::read));
  }
}
