package dev.fanfare.benchmark;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One run of the load generator {@code wrk}. */
record Wrk(double requestsPerSecond, double p50Micros, double p99Micros, long failures) {
  private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
  private static final Pattern FAILURES = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

  static Wrk run(URI url, String key, int connections, int seconds) throws IOException {
    return run(url, key, connections, seconds, Map.of());
  }

  /** The same with more headers. */
  static Wrk run(URI url, String key, int connections, int seconds, Map<String, String> headers)
      throws IOException {
    Path script = Files.createTempFile("fanfare", ".lua");
    Files.writeString(
        script,
        """
        wrk.method = "POST"
        wrk.body = "\\"hello\\""
        wrk.headers["Content-Type"] = "application/json"
        wrk.headers["Authorization"] = "Bearer %s"
        %s
        """
            .formatted(
                key,
                headers.entrySet().stream()
                    .map(
                        header ->
                            "wrk.headers[\"%s\"] = \"%s\"\n"
                                .formatted(header.getKey(), header.getValue()))
                    .collect(Collectors.joining())));
    var command = new ArrayList<>(List.of("wrk", "-t1", "--latency"));
    command.addAll(
        List.of("-c" + connections, "-d" + seconds + "s", "-s" + script, url.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    Files.delete(script);
    return parse(said);
  }

  private static Wrk parse(String said) {
    Matcher failures = FAILURES.matcher(said);
    return new Wrk(
        Double.parseDouble(group(RATE, said)),
        percentile(said, "50%"),
        percentile(said, "99%"),
        failures.find() ? Long.parseLong(failures.group(1)) : 0);
  }

  private static double percentile(String said, String name) {
    Matcher matcher = Pattern.compile(name + "\\s+([\\d.]+)(us|ms|s)").matcher(said);
    if (!matcher.find()) {
      throw new IllegalStateException("wrk said no " + name + ":\n" + said);
    }
    double value = Double.parseDouble(matcher.group(1));
    return switch (matcher.group(2)) {
      case "us" -> value;
      case "ms" -> value * 1_000;
      default -> value * 1_000_000;
    };
  }

  private static String group(Pattern pattern, String said) {
    Matcher matcher = pattern.matcher(said);
    if (!matcher.find()) {
      throw new IllegalStateException("wrk said:\n" + said);
    }
    return matcher.group(1);
  }
}
