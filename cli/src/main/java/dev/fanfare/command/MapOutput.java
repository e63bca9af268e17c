package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.client.Ended;
import dev.fanfare.client.FunctionFailed;
import dev.fanfare.output.OutputFormat;
import dev.fanfare.output.Progress;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * Writes a burst's results, a JSON object a line (with {@code -o json} as one array), and counts
 * them. Lines go out together, but none waits for long.
 */
final class MapOutput {
  private static final int SHOWN_FAILURES = 5;
  private static final long FLUSH_NANOS = 100_000_000;
  private static final int FLUSH_BYTES = 64 * 1024;

  private final Shell shell;
  private final PrintStream out;
  private final boolean array;
  private final StringBuilder lines = new StringBuilder();
  private long flushed = System.nanoTime();
  private long succeeded;
  private long failed;

  MapOutput(Shell shell, OutputFormat format) {
    this.shell = shell;
    this.out = shell.out();
    this.array = format == OutputFormat.JSON;
  }

  void write(Iterator<Ended<JsonNode>> results, Progress progress) {
    lines.append(array ? "[" : "");
    while (results.hasNext()) {
      Ended<JsonNode> ended = results.next();
      lines.append(array && succeeded + failed > 0 ? ",\n" : "");
      lines.append(Json.compact(line(ended))).append(array ? "" : "\n");
      progress.step();
      if (lines.length() >= FLUSH_BYTES || System.nanoTime() - flushed > FLUSH_NANOS) {
        flush();
      }
    }
    lines.append(array ? "]\n" : "");
    flush();
  }

  long succeeded() {
    return succeeded;
  }

  long failed() {
    return failed;
  }

  private ObjectNode line(Ended<JsonNode> ended) {
    ObjectNode json = Json.object();
    json.put("index", ended.index());
    switch (ended) {
      case Ended.Value<JsonNode>(long index, JsonNode value) -> {
        succeeded++;
        json.put("state", "SUCCEEDED");
        if (value.isBinary()) {
          json.put("encoding", "base64");
        }
        json.set("result", value);
      }
      case Ended.Failed<JsonNode>(long index, FunctionFailed failure) -> {
        failed++;
        json.put("state", failure.code().equals("cancelled") ? "CANCELLED" : "FAILED");
        json.set("error", error(failure));
        if (failed <= SHOWN_FAILURES) {
          shell.say("item " + index + " failed: " + failure.code() + ": " + message(failure));
        }
      }
    }
    return json;
  }

  private static String message(FunctionFailed failure) {
    return failure.remoteMessage().lines().findFirst().orElse("");
  }

  private static ObjectNode error(FunctionFailed failure) {
    ObjectNode error = Json.object();
    error.put("code", failure.code());
    error.put("type", failure.type());
    error.put("message", failure.remoteMessage());
    error.put("stack", failure.remoteStack());
    failure.worker().ifPresent(worker -> error.put("worker", worker));
    error.put("attempt", failure.attempt());
    return error;
  }

  private void flush() {
    byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
    lines.setLength(0);
    out.write(bytes, 0, bytes.length);
    flushed = System.nanoTime();
    if (out.checkError()) {
      // Whoever read this has gone, as `head` does.
      throw CommandException.interrupted();
    }
  }
}
