package dev.fanfare.command;

import dev.fanfare.key.Keys;
import dev.fanfare.platform.ClusterKeyFile;
import dev.fanfare.platform.SecretFile;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "secrets",
    description = {
      "Makes the secrets of a cluster that starts unattended, unless they are there.",
      "The folder gets the files cluster-key (node --cluster-key-file), admin-key (node"
          + " --admin-key-file) and join-token (node --join-token-file, worker --token-file), for"
          + " their owner alone."
    })
final class SecretsCommand extends LocalCommand {
  private static final Map<String, Supplier<String>> SECRETS = new LinkedHashMap<>();

  static {
    SECRETS.put("cluster-key", ClusterKeyFile::fresh);
    SECRETS.put("admin-key", Keys::fresh);
    SECRETS.put("join-token", Keys::fresh);
  }

  @Parameters(paramLabel = "FOLDER", description = "Where they are kept.")
  Path folder;

  @Option(
      names = "--show",
      paramLabel = "NAME",
      description = "Print this secret: cluster-key, admin-key or join-token.")
  Optional<String> show = Optional.empty();

  @Override
  ExitCode run() {
    if (show.isPresent() && !SECRETS.containsKey(show.get())) {
      throw CommandException.usage(
          "no secret '" + show.get() + "': --show takes " + String.join(", ", SECRETS.keySet()));
    }
    try {
      make();
    } catch (IOException e) {
      throw CommandException.platform("cannot write secrets in " + folder + ": " + e).causedBy(e);
    }
    show.ifPresent(name -> shell().out().println(SecretFile.read(folder.resolve(name))));
    return ExitCode.OK;
  }

  private void make() throws IOException {
    SecretFile.makeFolder(folder);
    for (var secret : SECRETS.entrySet()) {
      Path file = folder.resolve(secret.getKey());
      if (!Files.exists(file)) {
        SecretFile.write(file, secret.getValue().get());
        shell().say("made " + file);
      }
    }
  }
}
