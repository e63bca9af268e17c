package dev.fanfare.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A machine that ssh reaches.
 *
 * @param host {@code [user@]host}, or a name of the user's own ssh configuration
 * @param options further ones for ssh: {@code Name=Value} as in its configuration, or its own flags
 *     such as {@code -F/path}
 * @param folder where the cache is to be on it, absent for the usual place
 * @param java the {@code java} to use on it, {@code send} to send one, absent to look for one
 */
public record SshTarget(
    String host, List<String> options, Optional<String> folder, Optional<String> java) {
  /** Sends a runtime even where there is a Java. */
  public static final String SEND = "send";

  /** The connection is lost after three of these seconds without an answer. */
  private static final int ALIVE_SECONDS = 5;

  public SshTarget {
    options = List.copyOf(options);
    if (host.isBlank() || host.startsWith("-")) {
      throw new IllegalArgumentException("'" + host + "' is no host: write [USER@]HOST");
    }
  }

  /** The name of the machine alone. */
  public String machine() {
    return host.substring(host.lastIndexOf('@') + 1);
  }

  /** The command line that runs a command on it; what the user wants goes before what we want. */
  List<String> running(String command) {
    var line = new ArrayList<>(List.of("ssh"));
    for (String option : options) {
      if (option.startsWith("-")) {
        line.add(option);
      } else {
        line.addAll(List.of("-o", option));
      }
    }
    line.addAll(
        List.of(
            "-T",
            "-o",
            "BatchMode=yes",
            "-o",
            "ConnectTimeout=15",
            "-o",
            "ServerAliveInterval=" + ALIVE_SECONDS,
            "-o",
            "ServerAliveCountMax=3",
            "--",
            host,
            command));
    return line;
  }
}
