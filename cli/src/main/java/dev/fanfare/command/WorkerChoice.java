package dev.fanfare.command;

import dev.fanfare.protocol.Constraint;
import dev.fanfare.terminal.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which workers may do it. */
final class WorkerChoice {
  @Option(names = "--on", paramLabel = "WORKER", description = "The worker of this name.")
  Optional<String> on = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "DEMAND",
      description = "A worker with this label, for example gpu=a100; may be repeated.")
  List<String> labels = List.of();

  /** As the gateway reads them. */
  List<String> constraints() {
    var constraints = new ArrayList<String>();
    on.ifPresent(name -> constraints.add(checked("--on", "worker=" + name)));
    labels.forEach(label -> constraints.add(checked("--label", label)));
    return constraints;
  }

  private static String checked(String flag, String text) {
    try {
      return Constraint.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(flag + ": " + e.getMessage());
    }
  }
}
