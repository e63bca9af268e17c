package dev.fanfare.doctor;

import dev.fanfare.container.Engine;
import dev.fanfare.platform.Distribution;
import dev.fanfare.protocol.ByteSizes;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks of what a platform or a worker needs of the machine. */
public final class MachineChecks {
  private static final int OLDEST_JAVA = 25;
  private static final long LITTLE_MEMORY = 1L << 30;
  private static final long LEAST_SPACE = 256L << 20;
  private static final long LITTLE_SPACE = 2L << 30;

  private MachineChecks() {}

  /**
   * All of them.
   *
   * @param data the data folder
   * @param port of the gateway to be
   * @param gateway the URL of the one that commands talk to
   * @param path where programs are looked for, as in the environment
   */
  public static List<Finding> all(Path data, int port, Optional<String> gateway, String path) {
    return List.of(
        java(),
        memory(),
        dataFolder(data),
        space(data),
        port(port, gateway),
        runtimes(),
        aotCache(),
        sandbox(path),
        containers(path));
  }

  private static Finding java() {
    String version = Runtime.version() + " from " + System.getProperty("java.home");
    return Runtime.version().feature() >= OLDEST_JAVA
        ? Finding.ok("java", version)
        : Finding.failed(
            "java", version, "install a JDK 25 or newer, or set FANFARE_JAVA_HOME to one");
  }

  private static Finding memory() {
    int processors = Runtime.getRuntime().availableProcessors();
    if (!(ManagementFactory.getOperatingSystemMXBean()
        instanceof com.sun.management.OperatingSystemMXBean machine)) {
      return Finding.ok("memory", "unknown, " + processors + " processors");
    }
    long free = machine.getFreeMemorySize();
    String detail =
        ByteSizes.format(machine.getTotalMemorySize())
            + ", "
            + ByteSizes.format(free)
            + " unused, "
            + processors
            + " processors";
    return machine.getTotalMemorySize() < LITTLE_MEMORY
        ? Finding.warning(
            "memory", detail, "give it 1 GiB or more; with less, start workers with --slots 1")
        : Finding.ok("memory", detail);
  }

  private static Finding dataFolder(Path data) {
    Path existing = existing(data);
    try {
      if (!Files.isDirectory(existing)) {
        return Finding.failed(
            "data folder", existing + " is a file", "choose another folder with --data");
      }
      Files.delete(Files.createTempFile(existing, ".fanfare", ".check"));
      return Finding.ok("data folder", data + (existing.equals(data) ? "" : " (will be made)"));
    } catch (IOException e) {
      return Finding.failed(
          "data folder",
          "cannot write in " + existing + " (" + e.getClass().getSimpleName() + ")",
          "make it writable or choose another with --data");
    }
  }

  private static Finding space(Path data) {
    try {
      FileStore store = Files.getFileStore(existing(data));
      long free = store.getUsableSpace();
      String detail = ByteSizes.format(free) + " free for " + data;
      if (free < LEAST_SPACE) {
        return Finding.failed(
            "disk space", detail, "free some, or choose another disk with --data");
      }
      return free < LITTLE_SPACE
          ? Finding.warning("disk space", detail, "2 GiB and more are comfortable")
          : Finding.ok("disk space", detail);
    } catch (IOException e) {
      return Finding.warning(
          "disk space", "unknown: " + e.getMessage(), "check that the disk works");
    }
  }

  private static Finding port(int port, Optional<String> gateway) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return Finding.ok("port", port + " is free");
    } catch (IOException e) {
      return gateway.filter(url -> url.endsWith(":" + port)).isPresent()
          ? Finding.ok("port", port + " is in use, by the gateway below if that is ready")
          : Finding.warning("port", port + " is taken", "choose another: fanfare up --port PORT");
    }
  }

  private static Finding runtimes() {
    if (System.getProperty("fanfare.home") == null) {
      return Finding.warning(
          "installation", "not started by the launcher", "start the script fanfare");
    }
    Path jars = Distribution.ofProcess().home().resolve("runtime-lib");
    return Files.isDirectory(jars)
        ? Finding.ok("installation", Distribution.ofProcess().home().toString())
        : Finding.failed(
            "installation", "no folder " + jars, "build it again: mvn package, or install it anew");
  }

  private static Finding aotCache() {
    if (System.getProperty("fanfare.home") == null) {
      return Finding.ok("start-up cache", "unknown");
    }
    try (Stream<Path> files = Files.list(Distribution.ofProcess().caches())) {
      List<String> caches =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".aot"))
              .sorted()
              .toList();
      return caches.isEmpty()
          ? Finding.warning(
              "start-up cache", "none yet", "it is made in the background by the first commands")
          : Finding.ok("start-up cache", String.join(", ", caches));
    } catch (IOException e) {
      return Finding.warning(
          "start-up cache", "none yet", "it is made in the background by the first commands");
    }
  }

  private static Finding sandbox(String path) {
    return find("bwrap", path)
        .map(file -> Finding.ok("sandbox", "bubblewrap at " + file))
        .orElseGet(
            () ->
                Finding.warning(
                    "sandbox",
                    "bubblewrap is not installed",
                    "needed for isolation 'sandbox' only: apt-get install bubblewrap"));
  }

  private static Finding containers(String path) {
    List<Engine> engines = Engine.installed(Engine.Choice.AUTO, path);
    for (Engine engine : engines) {
      Engine.Ran version = engine.version();
      if (version.well()) {
        return Finding.ok("containers", engine.program() + ", version " + version.output());
      }
    }
    String needed = "needed for isolation 'container' only";
    return engines.isEmpty()
        ? Finding.warning("containers", "neither Docker nor Podman is installed", needed)
        : Finding.warning(
            "containers",
            engines.getFirst().program() + " is installed, but no engine answers it",
            needed + ": start it, and see to it that this user may use it");
  }

  private static Optional<Path> find(String program, String path) {
    return Stream.of(path.split(":", -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** The folder, or the nearest one above it that exists. */
  private static Path existing(Path folder) {
    Path candidate = folder;
    while (!Files.exists(candidate) && candidate.getParent() != null) {
      candidate = candidate.getParent();
    }
    return candidate;
  }
}
