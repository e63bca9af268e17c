package dev.fanfare.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.output.Table;
import dev.fanfare.protocol.StateLabels;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(name = "show", description = "Shows the state of each worker, or what was found on one.")
final class StateShow extends ClientCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "WORKER",
      description = "The worker to tell all of (default: all workers, briefly).")
  Optional<String> worker = Optional.empty();

  @Override
  ExitCode run(Remote remote) {
    ShownStates states = ShownStates.of(remote);
    if (worker.isPresent()) {
      showOne(states.worker(worker.get()));
    } else {
      showAll(states);
    }
    return ExitCode.OK;
  }

  private void showAll(ShownStates states) {
    ArrayNode rows = Json.object().putArray("states");
    states.all().forEach(shown -> rows.add(json(shown)));
    var table = new Table("WORKER", "STATE", "PINNED WORK", "CHECKED", "NOT AS DECLARED");
    printer()
        .list(
            rows,
            table,
            row ->
                table.row(
                    row.path("worker").asText(),
                    row.path("state").asText("-"),
                    row.path("takesPinned").asBoolean() ? "yes" : "no",
                    row.path("checked").asText("-"),
                    row.path("unmet").asText("-")));
  }

  private void showOne(ShownStates.Shown shown) {
    ObjectNode json = json(shown);
    shown.findings().forEach(json.putObject("found")::put);
    printer()
        .one(
            json,
            () -> {
              shell().out().println(shown.worker() + " " + shown.id().orElse("has no state"));
              shown
                  .findings()
                  .forEach(
                      (name, found) ->
                          shell().out().println("  " + StateLabels.words(name) + " " + found));
              if (!shown.unmet().isEmpty()) {
                shell().out().println("not as declared: " + shown.unmet());
              }
            });
  }

  private static ObjectNode json(ShownStates.Shown shown) {
    ObjectNode json = Json.object().put("worker", shown.worker());
    shown.id().ifPresent(id -> json.put("state", id));
    json.put("takesPinned", shown.takesPinned());
    shown.labels().get(StateLabels.CHECKED).ifPresent(at -> json.put("checked", at));
    if (!shown.unmet().isEmpty()) {
      json.put("unmet", shown.unmet());
    }
    return json;
  }
}
