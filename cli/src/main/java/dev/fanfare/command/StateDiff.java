package dev.fanfare.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.output.Table;
import dev.fanfare.protocol.StateLabels;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import java.util.Map;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = {
      "Tells where two states differ; exit code 1 if they do.",
      "Each is a worker's name or the id of a state that a connected worker is in."
    })
final class StateDiff extends ClientCommand {
  private static final String NOT_DECLARED = "-";

  @Parameters(index = "0", paramLabel = "A", description = "A worker or a state's id.")
  String one;

  @Parameters(index = "1", paramLabel = "B", description = "Another.")
  String two;

  @Override
  ExitCode run(Remote remote) {
    ShownStates states = ShownStates.of(remote);
    Map<String, String> left = states.findings(one);
    Map<String, String> right = states.findings(two);
    ArrayNode rows = Json.object().putArray("differences");
    var names = new TreeSet<>(left.keySet());
    names.addAll(right.keySet());
    for (String name : names) {
      if (!left.getOrDefault(name, "").equals(right.getOrDefault(name, ""))) {
        ObjectNode row = rows.addObject().put("what", StateLabels.words(name));
        row.put("a", left.getOrDefault(name, NOT_DECLARED));
        row.put("b", right.getOrDefault(name, NOT_DECLARED));
      }
    }
    var table = new Table("WHAT", one, two);
    if (rows.isEmpty() && printer().forPeople()) {
      shell().say("no difference");
    } else {
      printer()
          .list(
              rows,
              table,
              row ->
                  table.row(
                      row.path("what").asText(), row.path("a").asText(), row.path("b").asText()));
    }
    return rows.isEmpty() ? ExitCode.OK : ExitCode.FUNCTION_FAILED;
  }
}
