package dev.fanfare.command;

import dev.fanfare.ssh.SshTarget;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a worker runs that is reached by ssh, and how. */
final class SshOptions {
  @Option(
      names = "--ssh",
      paramLabel = "[USER@]HOST",
      split = ",",
      splitSynopsisLabel = ",",
      description =
          "Run the worker there, over ssh with your own ssh configuration; nothing but sh need be"
              + " installed, no port is opened. May be repeated.")
  List<String> hosts = List.of();

  @Option(
      names = "--ssh-option",
      paramLabel = "NAME=VALUE",
      description = "A further option for ssh, as in its configuration; may be repeated.")
  List<String> options = List.of();

  @Option(
      names = "--ssh-folder",
      paramLabel = "FOLDER",
      description = "Where the cache is kept there (default: ~/.cache/fanfare).")
  Optional<String> folder = Optional.empty();

  @Option(
      names = "--ssh-java",
      paramLabel = "FILE",
      description =
          "The java to use there, or 'send' to send a runtime (default: one that is found, else"
              + " send).")
  Optional<String> java = Optional.empty();

  SshTarget target(String host) {
    return new SshTarget(host, options, folder, java);
  }
}
