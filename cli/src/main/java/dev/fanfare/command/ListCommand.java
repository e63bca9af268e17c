package dev.fanfare.command;

import static dev.fanfare.output.Figures.age;
import static dev.fanfare.output.Figures.bytes;
import static dev.fanfare.output.Figures.limit;
import static dev.fanfare.output.Figures.revision;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import java.time.Instant;
import java.util.StringJoiner;
import picocli.CommandLine.Command;

@Command(name = "list", description = "Lists the deployed functions.")
final class ListCommand extends ClientCommand {

  @Override
  ExitCode run(Remote remote) {
    JsonNode functions = remote.get("/v1/functions").path("functions");
    Instant now = Instant.now();
    Table table =
        new Table(
            "FUNCTION", "REVISION", "ALIASES", ">TIMEOUT", ">CONCURRENCY", ">MEMORY", "DEPLOYED");
    printer()
        .list(
            functions,
            table,
            function ->
                table.row(
                    text(function.path("name")),
                    revision(function.path("revision")),
                    otherAliases(function.path("aliases")),
                    limit(function.path("timeout")),
                    text(function.path("concurrency")),
                    bytes(function.path("memory")),
                    age(function.path("deployedAt"), now)));
    if (functions.isEmpty() && printer().forPeople()) {
      shell().say("nothing is deployed yet; next: fanfare deploy app.jar");
    }
    return ExitCode.OK;
  }

  /** All but {@code live}, which every function has. */
  private static String otherAliases(JsonNode aliases) {
    var names = new StringJoiner(" ");
    names.setEmptyValue("-");
    aliases
        .properties()
        .forEach(
            alias -> {
              if (!alias.getKey().equals("live")) {
                names.add(alias.getKey() + "=" + revision(alias.getValue()));
              }
            });
    return names.toString();
  }
}
