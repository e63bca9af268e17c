package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.ExitCode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;

@Command(
    name = "resume",
    description = {
      "Lets a paused function, or all that were paused together, start again; what queued starts",
      "at once. A function that was paused by itself is resumed by itself."
    })
final class ResumeCommand extends ClientCommand {
  @ArgGroup(multiplicity = "1")
  PausedThing thing = new PausedThing();

  @Override
  ExitCode run(Remote remote) {
    JsonNode pauses = remote.delete(thing.path());
    printer().one(pauses, () -> shell().out().println(thing + " starts again"));
    return ExitCode.OK;
  }
}
