package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.client.Answer;
import dev.fanfare.output.Figures;
import dev.fanfare.output.OutputFormat;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What came of a broadcast on each worker: lines of JSON as they come, or a list at the end. */
final class AnswerList<R> {
  private static final int SHOWN_CHARACTERS = 100;

  private final Fanfare fanfare;
  private final Function<R, JsonNode> values;
  private final List<Answer<R>> answers = new ArrayList<>();

  AnswerList(Fanfare fanfare, Function<R, JsonNode> values) {
    this.fanfare = fanfare;
    this.values = values;
  }

  /** One more. */
  void came(Answer<R> answer) {
    answers.add(answer);
    if (fanfare.output == OutputFormat.NDJSON) {
      fanfare.shell().out().println(Json.compact(json(answer)));
      fanfare.shell().out().flush();
    }
  }

  /** Writes the list; 0 if all are results, 1 if some only failed, else 3. */
  ExitCode finish() {
    if (fanfare.output != OutputFormat.NDJSON) {
      print();
    }
    if (answers.stream().allMatch(Answer::ok)) {
      return ExitCode.OK;
    }
    boolean onlyFailures =
        answers.stream().allMatch(a -> a.ok() || a.kind() == Answer.Kind.FAILURE);
    return onlyFailures ? ExitCode.FUNCTION_FAILED : ExitCode.PLATFORM;
  }

  private void print() {
    var list = Json.object().putArray("answers");
    Table table = new Table("WORKER", "ANSWER", "CODE", ">TIME", "WHAT");
    Style style = fanfare.shell().style(Stream.OUT);
    for (Answer<R> answer : answers) {
      list.add(json(answer));
      String kind = answer.kind().name().toLowerCase(Locale.ROOT);
      table.row(
          answer.worker(),
          answer.ok() ? kind : style.yellow(kind),
          answer.code(),
          Figures.seconds(answer.took().toNanos() / 1e9),
          what(answer));
    }
    fanfare.printer().list(list, table, row -> {});
    if (fanfare.printer().forPeople()) {
      answers.stream().filter(a -> !a.remoteStack().isBlank()).forEach(this::tellStack);
    }
  }

  private void tellStack(Answer<R> answer) {
    fanfare.shell().say(answer.worker() + " threw:");
    fanfare.shell().err().println(answer.remoteStack().strip());
  }

  private String what(Answer<R> answer) {
    String text = answer.message();
    if (answer.value() != null) {
      JsonNode value = values.apply(answer.value());
      String written = value.has("out") ? value.path("out").asText() : text(value);
      text = text.isEmpty() ? written : text + "; " + written;
    }
    String line = text.strip();
    return line.length() <= SHOWN_CHARACTERS ? line : line.substring(0, SHOWN_CHARACTERS - 1) + "…";
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.textValue() : Json.compact(value);
  }

  private JsonNode json(Answer<R> answer) {
    ObjectNode json = Json.object();
    json.put("worker", answer.worker());
    json.put("answer", answer.kind().name().toLowerCase(Locale.ROOT));
    json.put("code", answer.code());
    if (!answer.message().isEmpty()) {
      json.put("message", answer.message());
    }
    if (answer.value() != null) {
      json.set("value", values.apply(answer.value()));
    }
    if (!answer.remoteStack().isBlank()) {
      json.put("stack", answer.remoteStack());
    }
    return json.put("seconds", answer.took().toNanos() / 1e9);
  }
}
