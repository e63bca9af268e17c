package dev.fanfare.command;

import dev.fanfare.health.HealthServer;
import dev.fanfare.terminal.CommandException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Where a process tells whether it is well. */
final class HealthOption {
  private static final Pattern FORM = Pattern.compile("(?:(.+):)?(\\d{1,5})");

  @Option(
      names = "--health",
      paramLabel = "[ADDRESS:]PORT",
      description =
          "Answer /healthz and /readyz there over HTTP, on loopback unless an address is given.")
  Optional<String> place = Optional.empty();

  HealthServer open(BooleanSupplier ready) {
    return place.isEmpty() ? HealthServer.none() : HealthServer.listen(address(place.get()), ready);
  }

  private static InetSocketAddress address(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches() || Integer.parseInt(form.group(2)) > 65_535) {
      throw CommandException.usage("--health is [ADDRESS:]PORT, not '" + text + "'");
    }
    int port = Integer.parseInt(form.group(2));
    return form.group(1) == null
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), port)
        : new InetSocketAddress(form.group(1), port);
  }
}
