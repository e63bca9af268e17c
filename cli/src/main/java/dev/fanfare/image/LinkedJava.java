package dev.fanfare.image;

import dev.fanfare.protocol.Sha256;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A Java runtime for images, linked from a JDK: all of Java SE and the compiler, nothing that needs
 * a screen, English and the locales that were asked for. Linked once, then kept.
 *
 * @param folder the runtime
 */
record LinkedJava(Path folder) {

  /** Java SE, and what libraries and functions commonly need beside it. */
  private static final List<String> MODULES =
      List.of(
          "java.se",
          "jdk.charsets",
          "jdk.compiler",
          "jdk.crypto.cryptoki",
          "jdk.crypto.ec",
          "jdk.httpserver",
          "jdk.jfr",
          "jdk.management",
          "jdk.naming.dns",
          "jdk.net",
          "jdk.unsupported",
          "jdk.xml.dom",
          "jdk.zipfs");

  /** Windows and sound, and the signatures of older Java versions (10 MB). */
  private static final List<String> LEFT_OUT =
      List.of(
          "/jdk.compiler/lib/ct.sym",
          "/java.desktop/lib/libawt_xawt.so",
          "/java.desktop/lib/libjawt.so",
          "/java.desktop/lib/libjsound.so",
          "/java.desktop/lib/libsplashscreen.so");

  private static final String PREFIX = "java-";

  /**
   * The runtime made from the JDK in {@code home}, kept in {@code cache}.
   *
   * @param locales language tags, such as {@code de} or {@code pt-BR}, besides English
   */
  static LinkedJava of(Path home, List<String> locales, Path cache) {
    List<String> options = options(locales);
    try {
      Files.createDirectories(cache);
      Path kept = cache.resolve(PREFIX + key(home, options));
      if (!Files.isDirectory(kept)) {
        link(home, options, cache, kept);
      }
      return new LinkedJava(kept);
    } catch (IOException e) {
      throw CommandException.platform("cannot keep a Java runtime in " + cache + ": " + e)
          .advise("make it writable, or set XDG_CACHE_HOME to a folder that is")
          .causedBy(e);
    }
  }

  private static List<String> options(List<String> locales) {
    var modules = new ArrayList<>(MODULES);
    var options =
        new ArrayList<>(
            List.of(
                "--exclude-files",
                String.join(",", LEFT_OUT),
                "--strip-debug",
                "--no-header-files",
                "--no-man-pages",
                "--compress",
                "zip-9"));
    if (!locales.isEmpty()) {
      modules.add("jdk.localedata");
      options.add("--include-locales=" + String.join(",", locales));
    }
    options.addAll(List.of("--add-modules", String.join(",", modules)));
    return options;
  }

  private static String key(Path home, List<String> options) throws IOException {
    Path release = home.resolve("release");
    String words = Files.isReadable(release) ? Files.readString(release) : home.toString();
    String all = words + Runtime.version() + String.join(" ", options);
    return Sha256.of(all.getBytes(StandardCharsets.UTF_8)).brief();
  }

  private static void link(Path home, List<String> options, Path cache, Path kept)
      throws IOException {
    Path jlink = home.resolve("bin").resolve("jlink");
    if (!Files.isExecutable(jlink)) {
      throw CommandException.platform("there is no jlink in " + home)
          .advise("set FANFARE_JAVA_HOME to a whole JDK 25, not a runtime");
    }
    Path parent = Files.createTempDirectory(cache, "linking-");
    try {
      Path linked = parent.resolve("java");
      var command = new ArrayList<>(List.of(jlink.toString()));
      command.addAll(options);
      command.addAll(List.of("--output", linked.toString()));
      Output output = Output.of(command);
      if (output.exitValue() != 0) {
        throw CommandException.platform("jlink failed: " + output.text())
            .advise("the JDK in " + home + " needs its jmods folder, or one that links without it");
      }
      Files.move(linked, kept, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException
        | DirectoryNotEmptyException
        | AtomicMoveNotSupportedException e) {
      if (!Files.isDirectory(kept)) {
        throw e;
      }
    } finally {
      Folders.delete(parent);
    }
  }

  /** Programs and libraries of it that the loader of the operating system reads. */
  List<Path> binaries() throws IOException {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".so") || file.endsWith("bin/java"))
          .sorted()
          .toList();
    }
  }
}
