package dev.fanfare.process;

import dev.fanfare.execution.Offspring;
import java.util.UUID;

/** A runtime's process with all that it started, also what outlived it or hid from it. */
final class ProcessTree implements ProcessRuntime.Forced {
  private final String mark = UUID.randomUUID().toString();

  /** Which its process is to find in {@link Offspring#RUNTIME}. */
  String mark() {
    return mark;
  }

  @Override
  public void end(Process process) {
    new Offspring(process.toHandle(), Offspring.RUNTIME, mark).kill();
  }

  @Override
  public void ended(Process process) {
    end(process);
  }
}
