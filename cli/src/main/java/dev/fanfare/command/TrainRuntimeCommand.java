package dev.fanfare.command;

import dev.fanfare.platform.Distribution;
import dev.fanfare.platform.Logging;
import dev.fanfare.process.AotCache;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;

@Command(
    name = "train-runtime",
    hidden = true,
    description = "Makes the AOT cache that functions' processes start from.")
final class TrainRuntimeCommand extends LocalCommand {

  @Override
  ExitCode run() {
    Logging.to(shell().err(), false);
    Distribution distribution = Distribution.ofProcess();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try {
      boolean made = AotCache.make(java, distribution.runtimeClasspath(), distribution.caches());
      return made ? ExitCode.OK : ExitCode.PLATFORM;
    } catch (IOException e) {
      throw CommandException.platform("cannot read the distribution: " + e.getMessage())
          .causedBy(e);
    }
  }
}
