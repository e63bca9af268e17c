package dev.fanfare.blackbox;

import java.util.List;

/** The lines of {@code /metrics} at one moment. */
record Metrics(List<String> lines) {

  static Metrics of(Platform platform) {
    return new Metrics(
        platform.get("/metrics").body().lines().filter(l -> !l.startsWith("#")).toList());
  }

  /** The sum over all labels of one metric; fails when there is no such metric. */
  double sum(String name) {
    var values =
        lines.stream()
            .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
            .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
            .toArray();
    if (values.length == 0) {
      throw new AssertionError("no metric " + name + " among:\n" + String.join("\n", lines));
    }
    return java.util.Arrays.stream(values).sum();
  }
}
