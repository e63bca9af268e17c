package dev.fanfare.command;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How long a process that stops waits for what runs in it. */
final class DrainOption {
  @Option(
      names = "--drain",
      paramLabel = "TIME",
      defaultValue = "10s",
      description = "How long running work may take to end when stopping (default: 10s).")
  String asWritten;

  /** Throws a usage error if it is no time. */
  Duration time() {
    return InvokeCommand.duration("--drain", asWritten);
  }
}
