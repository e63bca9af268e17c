package dev.fanfare.command;

import static dev.fanfare.output.Figures.age;
import static dev.fanfare.output.Figures.seconds;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Table;
import java.time.Instant;
import java.util.Locale;

/** Invocations in rows. */
final class InvocationTable {
  private final Table table =
      new Table(
          "INVOCATION", "FUNCTION", "STATE", ">ATTEMPT", ">QUEUE", ">RUN", "WORKER", "SUBMITTED");
  private final Instant now = Instant.now();

  Table table() {
    return table;
  }

  void add(JsonNode invocation) {
    JsonNode figures = invocation.path("figures");
    table.row(
        text(invocation.path("id")),
        text(invocation.path("function")),
        state(invocation),
        text(invocation.path("attempts")),
        seconds(figures.path("queueSeconds")),
        seconds(figures.path("runSeconds")),
        text(invocation.path("worker")),
        age(invocation.path("submittedAt"), now));
  }

  /** In lower case, with the code of a failure. */
  static String state(JsonNode invocation) {
    String state = text(invocation.path("state")).toLowerCase(Locale.ROOT);
    JsonNode code = invocation.path("error").path("code");
    return state.equals("failed") && code.isTextual() ? "failed " + code.textValue() : state;
  }
}
