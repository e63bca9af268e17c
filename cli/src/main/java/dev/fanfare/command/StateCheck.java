package dev.fanfare.command;

import dev.fanfare.protocol.StateLabels;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "check",
    description = "Has a worker look at its state now; exit code 1 if it is not as declared.")
final class StateCheck extends ClientCommand {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(200);

  @Parameters(paramLabel = "WORKER", description = "The worker.")
  String worker;

  @Override
  ExitCode run(Remote remote) {
    ShownStates.Shown before = ShownStates.of(remote).worker(worker);
    if (!before.declared()) {
      throw CommandException.platform(worker + " has no declared state")
          .advise("start it so: fanfare worker --state fanfare-state.json …");
    }
    remote.post("/v1/workers/" + Remote.escape(worker) + "/state-check", Json.object());
    ShownStates.Shown now = awaitLook(remote, checked(before));
    if (now.unmet().isEmpty()) {
      shell().out().println(worker + " " + now.id().orElse(""));
      return ExitCode.OK;
    }
    shell().out().println(worker + " " + now.id().orElse("") + ": " + now.unmet());
    return ExitCode.FUNCTION_FAILED;
  }

  private ShownStates.Shown awaitLook(Remote remote, String before) {
    long until = System.nanoTime() + LONGEST.toNanos();
    while (System.nanoTime() < until) {
      ShownStates.Shown now = ShownStates.of(remote).worker(worker);
      if (!checked(now).equals(before)) {
        return now;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw CommandException.interrupted();
      }
    }
    throw CommandException.platform(
        worker + " was told, but has not looked within " + LONGEST.toSeconds() + " s");
  }

  private static String checked(ShownStates.Shown shown) {
    return shown.labels().get(StateLabels.CHECKED).orElse("");
  }
}
