package dev.fanfare.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this machine is called, in the letters that a worker's name may have. */
public final class MachineName {
  private static final Path LINUX = Path.of("/proc/sys/kernel/hostname");
  private static final int LONGEST = 63;

  private MachineName() {}

  public static String get() {
    return fit(raw());
  }

  /** The nearest name that a worker may have. */
  public static String fit(String name) {
    String fitting = name.replaceAll("[^A-Za-z0-9._-]", "-").replaceAll("^[._-]+", "");
    String cut = fitting.substring(0, Math.min(LONGEST, fitting.length()));
    return cut.isEmpty() ? "worker" : cut;
  }

  private static String raw() {
    try {
      // Quicker than a look-up, which may ask the network.
      return Files.isReadable(LINUX)
          ? Files.readString(LINUX).strip()
          : InetAddress.getLocalHost().getHostName();
    } catch (IOException e) {
      return "worker";
    }
  }
}
