package dev.fanfare.demo;

import dev.fanfare.remote.Remote;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The platform's own count of invocations, from its metrics. */
record Counted(
    long accepted, long succeeded, long failed, long waiting, long running, long coldStarts) {
  private static final Pattern SAMPLE = Pattern.compile("(\\w+)(?:\\{(.*)})? ([0-9.eE+]+)");
  private static final String OF_ALL = "fanfare_invocations_";

  static Counted of(Remote remote) {
    HttpResponse<byte[]> response = remote.send(remote.request("/metrics").GET());
    List<String> lines = new String(response.body(), StandardCharsets.UTF_8).lines().toList();
    long succeeded = sum(lines, OF_ALL + "ended_total", "code=\"succeeded\"");
    return new Counted(
        sum(lines, OF_ALL + "accepted_total", ""),
        succeeded,
        sum(lines, OF_ALL + "ended_total", "") - succeeded,
        sum(lines, OF_ALL + "queued", "") + sum(lines, OF_ALL + "scheduled", ""),
        sum(lines, OF_ALL + "running", ""),
        sum(lines, "fanfare_cold_starts_total", ""));
  }

  /** The sum of a metric's samples whose labels contain the text. */
  private static long sum(List<String> lines, String name, String label) {
    double sum = 0;
    for (String line : lines) {
      Matcher sample = SAMPLE.matcher(line);
      boolean counts = sample.matches() && sample.group(1).equals(name);
      if (counts && (label.isEmpty() || String.valueOf(sample.group(2)).contains(label))) {
        sum += Double.parseDouble(sample.group(3));
      }
    }
    return Math.round(sum);
  }
}
