package dev.fanfare.command;

import static dev.fanfare.output.Figures.age;
import static dev.fanfare.output.Figures.bytes;
import static dev.fanfare.output.Figures.revision;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Table;
import dev.fanfare.terminal.Style;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How things stand with a worker, for people. */
final class WorkerSheet {
  private static final int REVISIONS_SHOWN = 8;

  private final PrintStream out;
  private final Style style;
  private final Instant now = Instant.now();

  WorkerSheet(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
  }

  void print(JsonNode worker) {
    out.println(style.bold(text(worker.path("id"))));
    printProperties(worker);
    printInvocations(worker);
    printProcesses(worker.path("processes"));
  }

  private void printProperties(JsonNode worker) {
    property("state", worker.path("draining").asBoolean() ? "draining" : "ready");
    property("connection", connection(worker.path("connection")));
    if (worker.has("silent")) {
      property("silent", style.yellow("it tells nothing: " + text(worker.path("silent"))));
    }
    property(
        "slots", text(worker.path("slots")) + ", " + text(worker.path("free")) + " of them free");
    property("load", load(worker));
    property("memory", memory(worker));
    property("versions", versions(worker));
    property("labels", WorkersCommand.labels(worker.path("labels")));
    if (worker.has("cached")) {
      property("cached", cached(worker.path("cached")));
    }
  }

  private String connection(JsonNode connection) {
    var words = new ArrayList<String>();
    String way = text(connection.path("way"));
    words.add(
        switch (way) {
          case "dials" -> "dialled from " + text(connection.path("peer"));
          case "listens" -> "listens, dialled at " + text(connection.path("peer"));
          case "ssh" -> "over ssh, by a command at " + text(connection.path("peer"));
          case "in-process" -> "in the gateway's own process";
          default -> text(connection.path("peer"));
        });
    connection.path("relays").forEach(relay -> words.add("through relay " + text(relay)));
    words.add("since " + age(connection.path("since"), now).replace(" ago", ""));
    return String.join(", ", words);
  }

  private static String load(JsonNode worker) {
    String load = String.format(Locale.ROOT, "%.2f", worker.path("load").asDouble());
    return worker.has("cpu")
        ? String.format(
            Locale.ROOT,
            "%s on %s processors, of which %.0f %% are in use",
            load,
            text(worker.path("processors")),
            100 * worker.path("cpu").asDouble())
        : load;
  }

  private static String memory(JsonNode worker) {
    return bytes(worker.path("freeMemory"))
        + " of "
        + bytes(worker.path("memory"))
        + " free; the worker's own process has "
        + bytes(worker.path("process").path("memory"));
  }

  private static String versions(JsonNode worker) {
    return "fanfare "
        + text(worker.path("version"))
        + ", Java "
        + text(worker.path("java"))
        + ", "
        + text(worker.path("os"));
  }

  private static String cached(JsonNode revisions) {
    List<String> shown = new ArrayList<>();
    for (JsonNode one : revisions) {
      if (shown.size() < REVISIONS_SHOWN) {
        shown.add(revision(one));
      }
    }
    int more = revisions.size() - shown.size();
    return shown.isEmpty()
        ? "no revision"
        : String.join(" ", shown) + (more > 0 ? " and " + more + " more" : "");
  }

  private void printInvocations(JsonNode worker) {
    if (worker.has("silent")) {
      return;
    }
    JsonNode invocations = worker.path("invocations");
    property("running", invocations.size() + others(worker) + channels(worker));
    if (!invocations.isEmpty()) {
      out.println();
      Table table =
          new Table("INVOCATION", "FUNCTION", "STATE", ">TRY", "SINCE", "CHANNEL", ">PID");
      for (JsonNode one : invocations) {
        table.row(
            text(one.path("id")),
            text(one.path("function")),
            text(one.path("state")),
            text(one.path("attempt")),
            age(one.path("since"), now),
            one.path("channel").asBoolean() ? "open" : "-",
            text(one.path("pid")));
      }
      table.print(out, style);
    }
  }

  private static String others(JsonNode worker) {
    long others = worker.path("othersInvocations").asLong();
    return others > 0 ? ", and " + others + " of other tenants" : "";
  }

  private static String channels(JsonNode worker) {
    long channels = worker.path("channels").asLong();
    return channels > 0 ? "; " + channels + " with an open channel" : "";
  }

  private void printProcesses(JsonNode processes) {
    if (processes.isEmpty()) {
      return;
    }
    out.println();
    Table table = new Table(">PID", "PROCESS", "FUNCTION", "REVISION", ">MEMORY", ">CPU", "SINCE");
    for (JsonNode one : processes) {
      table.row(
          text(one.path("pid")),
          "runtime, " + text(one.path("state")),
          text(one.path("function")),
          revision(one.path("revision")),
          bytes(one.path("memory")),
          cpu(one),
          age(one.path("since"), now));
      for (JsonNode started : one.path("processes")) {
        table.row(
            text(started.path("pid")),
            "  " + text(started.path("program")),
            "-",
            "-",
            bytes(started.path("memory")),
            cpu(started),
            "-");
      }
    }
    table.print(out, style);
  }

  private static String cpu(JsonNode process) {
    JsonNode seconds = process.path("cpuSeconds");
    return seconds.isNumber() ? String.format(Locale.ROOT, "%.1f s", seconds.doubleValue()) : "-";
  }

  private void property(String name, String value) {
    out.println("  " + style.dim(String.format("%-11s", name)) + value);
  }
}
