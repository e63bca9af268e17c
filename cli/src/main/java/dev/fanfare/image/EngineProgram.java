package dev.fanfare.image;

import dev.fanfare.terminal.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The program that commands this machine's container engine. */
final class EngineProgram {
  private EngineProgram() {}

  /** Docker's, else Podman's. */
  static Path find(String path) {
    return List.of("docker", "podman").stream()
        .flatMap(program -> Stream.of(path.split(":", -1)).map(folder -> Path.of(folder, program)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(
            () ->
                CommandException.platform("neither docker nor podman is on the path")
                    .advise("install one, or write a file: --to-tar FILE"));
  }
}
