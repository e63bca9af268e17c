package dev.fanfare.ssh;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * This JDK without its tools, made by {@code jlink}, for machines that have no fitting Java.
 *
 * @param id changes with the JDK and with what is taken of it
 * @param folder where it is, or will be once it is needed
 */
record JavaRuntime(String id, Path folder) {
  /** What functions may use: all of Java SE, the compiler, and what libraries take for granted. */
  private static final List<String> MODULES =
      List.of(
          "java.se",
          "jdk.compiler",
          "jdk.crypto.ec",
          "jdk.charsets",
          "jdk.httpserver",
          "jdk.jfr",
          "jdk.management",
          "jdk.net",
          "jdk.nio.mapmode",
          "jdk.unsupported",
          "jdk.zipfs");

  /** The one of this process's JDK, kept among others in this folder. */
  static JavaRuntime of(Path folder) {
    Path release = home().resolve("release");
    try {
      String text = Files.readString(release) + String.join(",", MODULES);
      String id = Sha256.of(text.getBytes(StandardCharsets.UTF_8)).brief();
      return new JavaRuntime(id, folder.resolve(id));
    } catch (IOException e) {
      return new JavaRuntime("none", folder.resolve("none"));
    }
  }

  /** Kernel and processor that it runs on, as {@code uname} writes them. */
  static String system() {
    String name = System.getProperty("os.name");
    String processor = System.getProperty("os.arch");
    boolean mac = name.startsWith("Mac");
    return switch (processor) {
      case "amd64" -> (mac ? "Darwin" : name) + " x86_64";
      case "aarch64" -> mac ? "Darwin arm64" : name + " aarch64";
      default -> name + " " + processor;
    };
  }

  /** Makes it if it is not there; takes some ten seconds. */
  void make(SshTarget target) {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path jlink = home().resolve("bin/jlink");
    if (!Files.isExecutable(jlink)) {
      throw SshException.because(
          target,
          "it has no Java 25 or newer, and none can be made here to be sent: "
              + home()
              + " has no jlink. Install a JDK there, or name one with --ssh-java");
    }
    Path fresh = folder.resolveSibling(id + "-" + ProcessHandle.current().pid());
    try {
      Files.createDirectories(folder.toAbsolutePath().getParent());
      Path log = fresh.resolveSibling(fresh.getFileName() + ".log");
      int exit = link(jlink, fresh, log);
      if (exit != 0) {
        throw SshException.because(
            target, "jlink failed with exit code " + exit + ": " + Files.readString(log).strip());
      }
      Files.deleteIfExists(log);
      if (!Files.isDirectory(folder)) {
        Files.move(fresh, folder);
      }
    } catch (IOException e) {
      throw SshException.because(target, "no runtime can be made to be sent: " + e.getMessage());
    }
  }

  private static int link(Path jlink, Path fresh, Path log) throws IOException {
    List<String> modules =
        MODULES.stream().filter(name -> ModuleFinder.ofSystem().find(name).isPresent()).toList();
    List<String> options =
        List.of(
            "--add-modules",
            String.join(",", modules),
            "--strip-debug",
            "--no-header-files",
            "--no-man-pages",
            "--compress=zip-6",
            "--output",
            fresh.toString());
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of(jlink.toString()), options.stream()).toList())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("it was interrupted", e);
    }
  }

  private static Path home() {
    return Path.of(System.getProperty("java.home"));
  }
}
