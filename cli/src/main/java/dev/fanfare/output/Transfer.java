package dev.fanfare.output;

import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * A bar of bytes with their rate on standard error while something is sent; nothing unless that is
 * a terminal. How many bytes there are to be may be known bit by bit. Thread-safe.
 */
public final class Transfer implements AutoCloseable {
  private static final int REDRAW_MILLIS = 100;
  private static final long MEBIBYTE = 1 << 20;

  private final @Nullable ProgressBar bar;
  private final AtomicLong expected = new AtomicLong();

  private Transfer(@Nullable ProgressBar bar) {
    this.bar = bar;
  }

  /** Starts one of which nothing is expected yet. */
  public static Transfer start(Shell shell, String task) {
    if (!shell.interactive(Stream.ERR)) {
      return new Transfer(null);
    }
    return new Transfer(
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(0)
            .setUnit(" MiB", MEBIBYTE)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REDRAW_MILLIS)
            .setConsumer(new OneLine(shell))
            .showSpeed()
            .clearDisplayOnFinish()
            .build());
  }

  /** So many bytes more are to be sent. */
  public void expect(long bytes) {
    long all = expected.addAndGet(bytes);
    if (bar != null) {
      bar.maxHint(all);
    }
  }

  /** So many bytes more were sent. */
  public void advance(long bytes) {
    if (bar != null) {
      bar.stepBy(bytes);
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
