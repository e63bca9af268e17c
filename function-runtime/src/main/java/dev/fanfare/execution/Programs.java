package dev.fanfare.execution;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Finds the programs that commands name. */
final class Programs {
  private Programs() {}

  /**
   * The file of a command's program: its first word if that has a slash, else looked for in PATH.
   *
   * @throws CommandFailed if there is none, it may not be run, or the command's folder is missing
   */
  static Path find(Command command) throws CommandFailed {
    String name = command.words().getFirst();
    if (!Files.isDirectory(command.folder())) {
      throw new CommandFailed(
          CommandFailed.NOT_ALLOWED, "there is no folder " + command.folder() + " on this worker");
    }
    try {
      return name.contains("/")
          ? checked(name, command.folder().resolve(name))
          : inPath(name, command.environment().getOrDefault("PATH", Command.USUAL_PATH));
    } catch (InvalidPathException e) {
      throw new CommandFailed(CommandFailed.NOT_FOUND, "'" + name + "' is no program's name");
    }
  }

  private static Path checked(String name, Path file) throws CommandFailed {
    if (!Files.exists(file)) {
      throw new CommandFailed(CommandFailed.NOT_FOUND, "there is no program " + name);
    }
    if (Files.isDirectory(file) || !Files.isExecutable(file)) {
      throw new CommandFailed(CommandFailed.NOT_ALLOWED, name + " may not be executed");
    }
    return file;
  }

  private static Path inPath(String name, String path) throws CommandFailed {
    for (String folder : path.split(":", -1)) {
      Path file = Path.of(folder.isEmpty() ? "." : folder).resolve(name);
      if (Files.isRegularFile(file) && Files.isExecutable(file)) {
        return file;
      }
    }
    throw new CommandFailed(
        CommandFailed.NOT_FOUND, "there is no program " + name + " in the worker's path " + path);
  }
}
