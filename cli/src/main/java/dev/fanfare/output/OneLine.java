package dev.fanfare.output;

import dev.fanfare.terminal.Shell;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;

/** Writes over one line, and leaves it empty at the end. */
final class OneLine extends ConsoleProgressBarConsumer {
  OneLine(Shell shell) {
    super(shell.err(), shell.width() - 1);
  }

  @Override
  public void close() {
    clear();
  }
}
