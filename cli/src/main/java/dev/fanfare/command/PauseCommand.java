package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

@Command(
    name = "pause",
    description = {
      "Lets a function, or all of them, start nothing for the time being.",
      "Calls are accepted and queue, what runs goes on, what waits too long expires as ever. It",
      "lasts, over restarts too, until fanfare resume."
    })
final class PauseCommand extends ClientCommand {
  @ArgGroup(multiplicity = "1")
  PausedThing thing = new PausedThing();

  @Override
  ExitCode run(Remote remote) {
    JsonNode pauses = remote.put(thing.path(), Json.object());
    printer()
        .one(pauses, () -> shell().out().println(thing + " starts nothing until fanfare resume"));
    return ExitCode.OK;
  }
}
