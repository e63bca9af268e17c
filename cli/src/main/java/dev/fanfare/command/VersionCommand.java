package dev.fanfare.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.platform.Version;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.ExitCode;
import picocli.CommandLine.Command;

@Command(
    name = "version",
    description = "Shows the versions of Fanfare, of Java and of the session protocol.")
final class VersionCommand extends LocalCommand {

  @Override
  ExitCode run() {
    ObjectNode version =
        Json.object()
            .put("version", Version.NUMBER)
            .put("java", Runtime.version().toString())
            .put("vendor", System.getProperty("java.vendor", ""))
            .put("protocol", Frame.PROTOCOL_VERSION);
    printer().one(version, () -> shell().out().println(line()));
    return ExitCode.OK;
  }

  static String line() {
    return "fanfare "
        + Version.NUMBER
        + " (Java "
        + Runtime.version()
        + ", session protocol "
        + Frame.PROTOCOL_VERSION
        + ")";
  }
}
