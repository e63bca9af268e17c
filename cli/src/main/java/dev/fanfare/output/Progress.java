package dev.fanfare.output;

import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A progress bar on standard error while something goes on; nothing unless that is a terminal.
 * Thread-safe.
 */
public final class Progress implements AutoCloseable {
  private static final int REDRAW_MILLIS = 100;

  private final @Nullable ProgressBar bar;

  private Progress(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Starts one of that many steps. */
  public static Progress start(Shell shell, String task, long steps) {
    if (!shell.interactive(Stream.ERR)) {
      return new Progress(null);
    }
    return new Progress(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(steps)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(new OneLine(shell))
            .showSpeed()
            .clearDisplayOnFinish()
            .build());
  }

  /** One step more is done. */
  public void step() {
    if (bar != null) {
      bar.step();
    }
  }

  /** Removes the bar. */
  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
