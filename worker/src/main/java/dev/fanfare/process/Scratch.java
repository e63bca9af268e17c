package dev.fanfare.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** A child's own folder: where it starts and where its temporary files go. Gone with the child. */
record Scratch(Path folder) {

  static Scratch in(Path parent) throws IOException {
    Files.createDirectories(parent);
    var onlyMine = PosixFilePermissions.fromString("rwx------");
    return new Scratch(
        Files.createTempDirectory(parent, "r-", PosixFilePermissions.asFileAttribute(onlyMine)));
  }

  /** Removes it with everything in it; links are not followed. */
  boolean delete() {
    delete(folder);
    return true;
  }

  static void delete(Path folder) {
    try {
      Files.walkFileTree(folder, new Removal());
    } catch (NoSuchFileException e) {
      // gone already
    } catch (IOException e) {
      throw new UncheckedIOException("a runtime's folder could not be removed: " + folder, e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
        throws IOException {
      Files.deleteIfExists(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
