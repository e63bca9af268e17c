package dev.fanfare.command;

import dev.fanfare.backup.Backup;
import dev.fanfare.backup.BackupException;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "restore",
    description = {
      "Puts a backup into a data folder that has no ledger.",
      "The next 'fanfare up' with that folder goes on from there; work that was accepted and had"
          + " not",
      "ended when the backup was made runs again."
    })
final class RestoreCommand extends LocalCommand {
  @Parameters(paramLabel = "FILE", description = "What 'fanfare backup' wrote.")
  Path file;

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Where to put it (default: ~/.local/share/fanfare).")
  Optional<Path> data = Optional.empty();

  @Override
  ExitCode run() {
    Path folder = data.orElseGet(shell()::dataFolder).toAbsolutePath().normalize();
    try {
      Backup.Restored restored = Backup.restore(file, folder);
      shell()
          .say(
              "restored "
                  + ByteSizes.format(restored.bytes())
                  + ", "
                  + restored.blobs()
                  + " blobs among them, in "
                  + restored.folder());
      return ExitCode.OK;
    } catch (BackupException | LedgerException e) {
      throw CommandException.platform(String.valueOf(e.getMessage())).causedBy(e);
    }
  }
}
