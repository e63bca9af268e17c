package dev.fanfare.program;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Unpacks a deployed folder, once for all runtimes of the worker. */
public final class ProgramFolder {
  private static final int ELF = 0x7F;

  private ProgramFolder() {}

  /**
   * Where the folder lies. What begins with {@code #!}, or is a binary, may be executed.
   *
   * @param zip the packed folder
   * @param kept where unpacked folders are kept
   */
  public static Path unpacked(Path zip, Sha256 hash, Path kept) throws IOException {
    Path folder = kept.resolve("programs").resolve(hash.hex());
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder.getParent());
      Path partial = Files.createTempDirectory(folder.getParent(), ".part-");
      unpack(zip, partial);
      moveUnlessThere(partial, folder);
    }
    return folder;
  }

  private static void moveUnlessThere(Path partial, Path folder) throws IOException {
    try {
      Files.move(partial, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      throw e;
    } catch (FileSystemException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
  }

  private static void unpack(Path zip, Path folder) throws IOException {
    try (var file = new ZipFile(zip.toFile())) {
      for (ZipEntry entry : file.stream().map(ZipEntry.class::cast).toList()) {
        Path to = folder.resolve(entry.getName()).normalize();
        if (!to.startsWith(folder)) {
          throw new IOException("the entry " + entry.getName() + " leads out of the folder");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(to);
        } else {
          Files.createDirectories(to.getParent());
          try (InputStream in = file.getInputStream(entry)) {
            Files.copy(in, to);
          }
          allowExecution(to);
        }
      }
    }
  }

  private static void allowExecution(Path file) throws IOException {
    byte[] head;
    try (InputStream in = Files.newInputStream(file)) {
      head = in.readNBytes(2);
    }
    boolean script = head.length == 2 && head[0] == '#' && head[1] == '!';
    boolean binary = head.length == 2 && head[0] == ELF && head[1] == 'E';
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(script || binary ? "rwxr-xr-x" : "rw-r--r--"));
  }
}
