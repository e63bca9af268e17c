package dev.fanfare.command;

import dev.fanfare.protocol.ProgramManifest;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A folder with programs, as a zip file: the same bytes for the same files. */
final class PackedFolder {
  private static final LocalDateTime TIME = LocalDateTime.of(2000, 1, 1, 0, 0);

  private PackedFolder() {}

  /** Packs it into a temporary file, which the caller deletes. Hidden files are left out. */
  static Path pack(Path folder) {
    if (!Files.isRegularFile(folder.resolve(ProgramManifest.FILE))) {
      throw CommandException.usage(folder + " has no " + ProgramManifest.FILE)
          .advise(
              "a folder to deploy names its functions there: {\"functions\": {\"name\":"
                  + " {\"command\": [\"python3\", \"name.py\"]}}}");
    }
    try {
      Path zip = Files.createTempFile("fanfare-", ".zip");
      try (var out = new ZipOutputStream(Files.newOutputStream(zip))) {
        for (Path file : files(folder)) {
          var entry = new ZipEntry(name(folder, file));
          entry.setTimeLocal(TIME);
          out.putNextEntry(entry);
          Files.copy(file, out);
        }
      }
      return zip;
    } catch (IOException e) {
      throw CommandException.usage(folder + " cannot be packed: " + e.getMessage()).causedBy(e);
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !("/" + name(folder, file)).contains("/."))
          .sorted()
          .toList();
    }
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }
}
