package dev.fanfare.source;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Sources that were compiled here before, by their hash, the file's name and the release of Java.
 * Several processes may share the folder.
 */
public final class CompiledSources {
  /** More than this are not kept; those used longest ago go first. */
  static final int MOST = 256;

  private final Path folder;
  private final SourceCompiler compiler;

  /** Keeps them in the folder, which is made when absent. */
  public CompiledSources(Path folder, SourceCompiler compiler) {
    this.folder = folder;
    this.compiler = compiler;
  }

  /**
   * The source's jar, compiled now if it is not here.
   *
   * @param hash of the text
   * @throws Uncompiled if it cannot be compiled
   */
  public Path jar(Sha256 hash, String file, String text) throws IOException {
    Path jar = folder.resolve(hash.hex() + "-" + file + "-" + Runtime.version().feature() + ".jar");
    if (Files.exists(jar)) {
      Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
      return jar;
    }
    Compiled compiled = compiler.compile(file, text);
    Files.createDirectories(folder);
    Path partial = Files.createTempFile(folder, ".", ".part");
    try (var out = Files.newOutputStream(partial)) {
      compiled.write(out);
    }
    Files.move(partial, jar, StandardCopyOption.ATOMIC_MOVE);
    removeOldest();
    return jar;
  }

  private void removeOldest() throws IOException {
    List<Path> jars;
    try (Stream<Path> files = Files.list(folder)) {
      jars = files.toList();
    }
    if (jars.size() > MOST) {
      List<Path> newestFirst =
          jars.stream().sorted(Comparator.comparing(CompiledSources::used).reversed()).toList();
      for (Path jar : newestFirst.subList(MOST, jars.size())) {
        Files.deleteIfExists(jar);
      }
    }
  }

  private static FileTime used(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0); // another process removed it
    }
  }
}
