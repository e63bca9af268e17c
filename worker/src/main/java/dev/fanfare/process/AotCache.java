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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AOT cache that child JVMs start from: made once per Java and class path by a training run.
 * Without one they start slower; nothing else depends on it.
 */
final class AotCache {
  private static final Logger log = LoggerFactory.getLogger(AotCache.class);
  private static final long LONGEST_TRAINING_SECONDS = 120;
  private static final Path NICE = Path.of("/usr/bin/nice");

  private final JvmOptions options;
  private final Path folder;
  private final Path file;
  private volatile @Nullable Process training;

  AotCache(JvmOptions options, Path folder) throws IOException {
    this.options = options;
    this.folder = folder;
    this.file = folder.resolve("runtime-" + key(options) + ".aot");
  }

  /** The cache, if there is one. */
  Optional<Path> file() {
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  /** Makes the cache unless it is there; blocks for seconds. False if it cannot be made. */
  boolean make() {
    if (file().isPresent()) {
      return true;
    }
    Scratch scratch = null;
    try {
      scratch = Scratch.in(folder.resolve("training"));
      Path made = scratch.folder().resolve("cache");
      boolean ended = train(scratch.folder(), made);
      if (ended && Files.isRegularFile(made)) {
        removeOthers();
        Files.move(made, file);
        return true;
      }
      log.info("no AOT cache could be made; runtimes start without one");
    } catch (IOException e) {
      log.info("no AOT cache could be made; runtimes start without one: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      if (scratch != null) {
        scratch.delete();
      }
    }
    return false;
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

  private void removeOthers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path other : files.filter(f -> f.toString().endsWith(".aot")).toList()) {
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
