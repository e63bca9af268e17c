package dev.fanfare.command;

import dev.fanfare.platform.Platform;
import dev.fanfare.protocol.Durations;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.StopSignal;
import java.time.Duration;

/** How a platform's process ends: on a signal, after what runs has ended or its time is over. */
record Ending(Shell shell, Duration drain) {

  ExitCode after(StopSignal stop, Platform platform) {
    ExitCode code = stop.await();
    shell.say(
        "stopping: running work has "
            + Durations.format(drain)
            + " to end (Ctrl-C ends it at once)");
    if (!platform.drain(drain)) {
      shell.say("some work did not end in time and is given back");
    }
    return code;
  }
}
