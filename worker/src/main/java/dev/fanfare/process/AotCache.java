package dev.fanfare.process;

import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Sha256;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AOT cache that child JVMs start from: made once per Java and class path by a training run.
 * Without one they start slower; nothing else depends on it.
 */
public final class AotCache {
  private static final Logger log = LoggerFactory.getLogger(AotCache.class);
  private static final long LONGEST_TRAINING_SECONDS = 120;
  private static final Path NICE = Path.of("/usr/bin/nice");
  private static final String PREFIX = "runtime-";
  private static final String SUFFIX = ".aot";

  private final JvmOptions options;
  private final List<Path> folders;
  private final String name;
  private volatile @Nullable Process training;

  AotCache(JvmOptions options, List<Path> folders) throws IOException {
    this.options = options;
    this.folders = folders;
    this.name = PREFIX + key(options) + SUFFIX;
  }

  /**
   * Makes the cache for children of this Java and class path in the folder unless it is there;
   * blocks for seconds.
   *
   * @return false if it cannot be made
   * @throws IOException if the class path cannot be read
   */
  public static boolean make(Path java, List<Path> classPath, Path folder) throws IOException {
    return new AotCache(new JvmOptions(java, classPath), List.of(folder)).make();
  }

  /** The cache, if there is one. */
  Optional<Path> file() {
    return folders.stream()
        .map(folder -> folder.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  /** Makes the cache in the first folder that can be written, unless it is there. */
  boolean make() {
    if (file().isPresent()) {
      return true;
    }
    try {
      for (Path folder : folders) {
        if (isWritable(folder)) {
          return make(folder);
        }
      }
      log.info("no folder for an AOT cache can be written; runtimes start without one");
    } catch (IOException e) {
      log.info("no AOT cache could be made; runtimes start without one: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static boolean isWritable(Path folder) {
    try {
      return Files.isWritable(Files.createDirectories(folder));
    } catch (IOException e) {
      return false;
    }
  }

  private boolean make(Path folder) throws IOException, InterruptedException {
    Scratch scratch = Scratch.in(folder.resolve("training"));
    try {
      Path made = scratch.folder().resolve("cache");
      boolean ended = train(scratch.folder(), made);
      if (ended && Files.isRegularFile(made)) {
        removeOthers(folder);
        Files.move(made, folder.resolve(name));
        return true;
      }
      log.info("no AOT cache could be made; runtimes start without one");
      return false;
    } finally {
      scratch.delete();
    }
  }

  private boolean train(Path scratch, Path made) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    if (Files.isExecutable(NICE)) {
      command.addAll(List.of(NICE.toString(), "-n", "19"));
    }
    command.addAll(options.training(Policy.DEFAULT_MEMORY_BYTES, made, scratch));
    var builder = new ProcessBuilder(command).directory(scratch.toFile());
    builder.environment().clear();
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    training = process;
    try {
      return process.waitFor(LONGEST_TRAINING_SECONDS, TimeUnit.SECONDS)
          && process.exitValue() == 0;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Ends a training run that is under way; its cache is not kept. */
  void stop() {
    Process process = training;
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Those of an earlier class path. */
  private static void removeOthers(Path folder) throws IOException {
    try (var files = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
      for (Path other : files) {
        Files.deleteIfExists(other);
      }
    }
  }

  private static String key(JvmOptions options) throws IOException {
    MessageDigest digest = Sha256.digest();
    Path release = options.java().toRealPath().resolve("../../release").normalize();
    if (Files.isReadable(release)) {
      digest.update(Files.readAllBytes(release));
    }
    for (Path entry : options.classPath()) {
      File jar = entry.toFile();
      String words = entry.toAbsolutePath() + " " + jar.length() + " " + jar.lastModified() + "\n";
      digest.update(words.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
    return Sha256.ofDigest(digest.digest()).brief();
  }
}
