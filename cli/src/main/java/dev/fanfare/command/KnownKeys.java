package dev.fanfare.command;

import dev.fanfare.key.Scope;
import dev.fanfare.platform.KnownKey;
import dev.fanfare.platform.SecretFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Keys that were made before the platform, for starts that nobody watches. */
final class KnownKeys {
  @Option(
      names = "--admin-key-file",
      paramLabel = "FILE",
      description =
          "A file with a key that is to be an admin's, such as 'fanfare secrets' makes; others may"
              + " not read it.")
  Optional<Path> admin = Optional.empty();

  @Option(
      names = "--join-token-file",
      paramLabel = "FILE",
      description = "A file with a key that is to let workers in, for ever.")
  Optional<Path> join = Optional.empty();

  List<KnownKey> read() {
    return Stream.of(
            admin.map(file -> key("admin key file", Scope.ADMIN, file)),
            join.map(file -> key("join token file", Scope.JOIN, file)))
        .flatMap(Optional::stream)
        .toList();
  }

  private static KnownKey key(String name, Scope scope, Path file) {
    return new KnownKey(name, scope, SecretFile.read(file));
  }
}
