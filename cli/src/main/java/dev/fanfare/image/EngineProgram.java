package dev.fanfare.image;

import dev.fanfare.container.Engine;
import dev.fanfare.terminal.CommandException;
import java.nio.file.Path;

/** The program that commands this machine's container engine. */
public final class EngineProgram {
  private EngineProgram() {}

  /** Docker's, else Podman's. */
  public static Path find(String path) {
    return Engine.installed(Engine.Choice.AUTO, path).stream()
        .map(Engine::program)
        .findFirst()
        .orElseThrow(
            () ->
                CommandException.platform("neither docker nor podman is on the path")
                    .advise("install one, or write a file: --to-tar FILE"));
  }
}
