package dev.fanfare.command;

import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "backup",
    description = {
      "Saves everything durable of a node in a file, while it runs: revisions, aliases, keys,",
      "accepted work, dead letters, history, logs, blobs. Put it back with: fanfare restore FILE"
    })
final class BackupCommand extends ClientCommand {
  private static final int REFUSED = 300;

  @Parameters(paramLabel = "FILE", description = "The file to write; it must not be there.")
  Path file;

  @Override
  ExitCode run(Remote remote) {
    Path target = file.toAbsolutePath().normalize();
    if (Files.exists(target)) {
      throw CommandException.usage(file + " is there already; choose another name");
    }
    HttpResponse<InputStream> answer = remote.open(remote.request("/v1/backup").GET());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() >= REFUSED) {
        throw remote.refusal(
            Problem.read(answer.statusCode(), answer.headers(), body.readAllBytes()));
      }
      Path part = target.resolveSibling(target.getFileName() + ".part");
      long bytes = Files.copy(body, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target);
      shell().say("saved " + ByteSizes.format(bytes) + " in " + file);
      return ExitCode.OK;
    } catch (IOException e) {
      throw CommandException.platform("the backup broke off: " + e.getMessage()).causedBy(e);
    }
  }
}
