package dev.fanfare.command;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.context.ContextFile;
import dev.fanfare.platform.AdminKey;
import dev.fanfare.platform.Logging;
import dev.fanfare.platform.Phases;
import dev.fanfare.platform.Platform;
import dev.fanfare.platform.PlatformConfiguration;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.StopSignal;
import java.time.Duration;
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
      "Runs one member of a platform in this process, without a worker.",
      "Members talk to each other on loopback or a private network only."
    })
final class NodeCommand extends LocalCommand {

  /** What a member does. */
  enum Role {
    GATEWAY,
    SCHEDULER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Mixin GatewayOptions gateway = new GatewayOptions();

  @Option(
      names = "--roles",
      paramLabel = "ROLE",
      split = ",",
      splitSynopsisLabel = ",",
      defaultValue = "gateway,scheduler",
      description =
          "What this member does: ${COMPLETION-CANDIDATES} (default: both; this version needs"
              + " both).")
  List<Role> roles;

  @Option(
      names = "--join",
      paramLabel = "HOST[:PORT]",
      split = ",",
      splitSynopsisLabel = ",",
      description = "Other members to find the cluster by.")
  List<String> join = List.of();

  @Option(
      names = "--member-host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description =
          "The loopback or private address other members reach this one at (default: 127.0.0.1).")
  String memberHost;

  @Option(
      names = "--member-port",
      paramLabel = "PORT",
      defaultValue = "5701",
      description = "The port for other members, 0 for any free one (default: 5701).")
  int memberPort;

  @Option(
      names = "--cluster",
      paramLabel = "NAME",
      defaultValue = "fanfare",
      description = "The cluster's name (default: fanfare).")
  String cluster;

  @Override
  ExitCode run() {
    Logging.to(shell().err(), fanfare().verbose());
    try (StopSignal stop = StopSignal.install()) {
      Phases phases = fanfare().verbose() ? Phases.toldTo(shell()::say) : Phases.untold();
      try (Platform platform = Platform.start(configuration(), phases)) {
        AdminKey.save(
            platform.keys(),
            ContextFile.in(shell().configurationFolder()),
            UpCommand.CONTEXT,
            platform.url());
        shell().say("members join with: --join " + memberHost + ":" + platform.memberPort());
        shell().out().println("ready " + platform.url());
        return new Ending(shell(), Duration.ZERO).after(stop, platform);
      }
    }
  }

  private PlatformConfiguration configuration() {
    Set<Role> wanted = EnumSet.copyOf(roles);
    if (!wanted.containsAll(EnumSet.allOf(Role.class))) {
      throw CommandException.usage(
          "this version runs the roles gateway and scheduler together: --roles gateway,scheduler");
    }
    try {
      NodeConfiguration node =
          NodeConfiguration.alone(gateway.data(shell()))
              .member(memberHost, memberPort, join, cluster);
      return new PlatformConfiguration(node, gateway.configuration(), Optional.empty());
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
