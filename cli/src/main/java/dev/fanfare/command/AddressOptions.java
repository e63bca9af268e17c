package dev.fanfare.command;

import picocli.CommandLine.Option;

/** The address that a command listens on. */
final class AddressOptions {
  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "The address to listen on (default: 127.0.0.1).")
  String host;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The port to listen on, 0 for any free one (default: 8080).")
  int port;
}
