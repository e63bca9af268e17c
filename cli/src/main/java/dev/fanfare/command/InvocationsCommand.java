package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.StringJoiner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "invocations", description = "Lists invocations, the newest first.")
final class InvocationsCommand extends ClientCommand {
  private static final int MOST = 1_000;

  @Option(names = "--function", paramLabel = "NAME", description = "Only of this function.")
  Optional<String> function = Optional.empty();

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "Only in this state: ${COMPLETION-CANDIDATES}.")
  Optional<InvocationState> state = Optional.empty();

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Only submitted since then: 10m (ago) or 2026-01-31T12:00:00Z.")
  Optional<String> since = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "20",
      description = "At most this many, 1 to 1000 (default: 20).")
  int limit;

  @Override
  ExitCode run(Remote remote) {
    JsonNode invocations = remote.get("/invocations?" + query()).path("invocations");
    var rows = new InvocationTable();
    printer().list(invocations, rows.table(), rows::add);
    if (invocations.isEmpty() && printer().forPeople()) {
      shell().say("no invocations match");
    }
    return ExitCode.OK;
  }

  private String query() {
    if (limit < 1 || limit > MOST) {
      throw CommandException.usage("--limit is 1 to " + MOST + ", not " + limit);
    }
    var query = new StringJoiner("&").add("limit=" + limit);
    function.ifPresent(name -> query.add("function=" + Remote.escape(name)));
    state.ifPresent(wanted -> query.add("state=" + wanted));
    since.ifPresent(text -> query.add("since=" + Remote.escape(moment(text).toString())));
    return query.toString();
  }

  private static Instant moment(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      try {
        return Instant.now().minus(Durations.parse(text));
      } catch (IllegalArgumentException f) {
        throw CommandException.usage(
            "--since takes a length of time such as 10m or a moment such as 2026-01-31T12:00:00Z,"
                + " not '"
                + text
                + "'");
      }
    }
  }
}
