package dev.fanfare.command;

import static dev.fanfare.output.Figures.age;
import static dev.fanfare.output.Figures.bytes;
import static dev.fanfare.output.Figures.limit;
import static dev.fanfare.output.Figures.revision;
import static dev.fanfare.output.Figures.seconds;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.argument.ArgumentFlags;
import dev.fanfare.output.Table;
import dev.fanfare.terminal.Style;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** All that is known of a function, for people. */
final class FunctionSheet {
  private static final int REVISIONS_SHOWN = 5;

  private final PrintStream out;
  private final Style style;
  private final String url;
  private final Instant now = Instant.now();

  FunctionSheet(PrintStream out, Style style, String url) {
    this.out = out;
    this.style = style;
    this.url = url;
  }

  void print(JsonNode function) {
    out.println(style.bold(text(function.path("name"))));
    printProperties(function);
    printStatistics(function.path("statistics"));
    printRevisions(function.path("revisions"));
    printRecent(function.path("recent"));
  }

  private void printProperties(JsonNode function) {
    String name = text(function.path("name"));
    property("url", url + "/function/" + name);
    property(
        "revision",
        revision(function.path("revision"))
            + ", deployed "
            + age(function.path("deployedAt"), now));
    property(
        "invoke",
        ("fanfare invoke " + name + " " + ArgumentFlags.synopsis(schema(function))).strip());
    property("limits", limits(function));
    JsonNode queued = function.path("queued");
    if (queued.asLong() > 0) {
      property("queued", queued.asText());
    }
    if (function.path("paused").asBoolean()) {
      property("paused", style.yellow("starts nothing until fanfare resume"));
    }
    if (function.path("cannotRun").isTextual()) {
      property("cannot run", style.yellow(text(function.path("cannotRun"))));
    }
  }

  private static JsonNode schema(JsonNode function) {
    return function.has("inputSchema") ? function.path("inputSchema") : function.path("input");
  }

  private static String limits(JsonNode function) {
    JsonNode policy = function.path("policy");
    List<String> limits = new ArrayList<>();
    limits.add("timeout " + limit(first(policy, function, "timeout")));
    limits.add("concurrency " + text(first(policy, function, "concurrency")));
    limits.add("memory " + bytes(first(policy, function, "memory")));
    JsonNode retries = policy.path("retries");
    limits.add("retries " + (retries.isNumber() ? retries.asText() : "0 (2 when async)"));
    if (policy.hasNonNull("expiresAfter")) {
      limits.add("expires after " + limit(policy.path("expiresAfter")));
    }
    if (policy.path("min").asInt() > 0) {
      limits.add("at least " + runtimes(policy.path("min")));
    }
    if (policy.hasNonNull("max")) {
      limits.add("at most " + runtimes(policy.path("max")));
    }
    for (JsonNode constraint : policy.path("constraints")) {
      limits.add("needs " + constraint.asText());
    }
    return String.join(", ", limits);
  }

  private static String runtimes(JsonNode count) {
    return count.asInt() == 1 ? "1 runtime" : count.asText() + " runtimes";
  }

  private static JsonNode first(JsonNode policy, JsonNode function, String field) {
    return policy.hasNonNull(field) ? policy.path(field) : function.path(field);
  }

  private void printStatistics(JsonNode statistics) {
    long calls = statistics.path("calls").asLong();
    if (calls == 0) {
      property("calls", "none yet");
      return;
    }
    List<String> workers = new ArrayList<>();
    statistics.path("workers").forEach(worker -> workers.add(text(worker)));
    long failures = statistics.path("failures").asLong();
    property(
        "calls",
        calls
            + ", "
            + failures
            + " failed"
            + (workers.isEmpty() ? "" : ", served by " + String.join(", ", workers)));
    out.println();
    Table table = new Table("TIME", ">p50", ">p95", ">p99");
    row(table, "queue", statistics.path("queue"));
    row(table, "run", statistics.path("run"));
    table.print(out, style);
  }

  private static void row(Table table, String name, JsonNode percentiles) {
    table.row(
        name,
        seconds(percentiles.path("p50")),
        seconds(percentiles.path("p95")),
        seconds(percentiles.path("p99")));
  }

  private void printRevisions(JsonNode revisions) {
    if (revisions.isEmpty()) {
      return;
    }
    out.println();
    Table table = new Table("REVISION", "ALIASES", ">JAVA", ">SIZE", "CREATED");
    for (JsonNode one : revisions) {
      if (table.size() < REVISIONS_SHOWN) {
        List<String> aliases = new ArrayList<>();
        one.path("aliases").forEach(alias -> aliases.add(text(alias)));
        table.row(
            revision(one.path("id")),
            aliases.isEmpty() ? "-" : String.join(" ", aliases),
            text(one.path("javaRelease")),
            bytes(one.path("artifactSize")),
            age(one.path("createdAt"), now));
      }
    }
    table.print(out, style);
    if (revisions.size() > REVISIONS_SHOWN) {
      out.println(style.dim("and " + (revisions.size() - REVISIONS_SHOWN) + " older"));
    }
  }

  private void printRecent(JsonNode recent) {
    if (recent.isEmpty()) {
      return;
    }
    out.println();
    var rows = new InvocationTable();
    recent.forEach(rows::add);
    rows.table().print(out, style);
  }

  private void property(String name, String value) {
    out.println("  " + style.dim(String.format("%-11s", name)) + value);
  }
}
