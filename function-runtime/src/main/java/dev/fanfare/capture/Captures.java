package dev.fanfare.capture;

import org.jspecify.annotations.Nullable;

/**
 * Which attempt a thread writes for: its own or its parent thread's. In a process that runs one
 * attempt at a time, threads that belong to none, or to one that is over, write for the one that
 * runs.
 */
public final class Captures {
  private static final InheritableThreadLocal<@Nullable Capture> OF_THREAD =
      new InheritableThreadLocal<>();
  private static volatile @Nullable Capture only;

  private Captures() {}

  /** From here on this thread, and those it starts, write for the attempt; null ends that. */
  public static void ofThisThread(@Nullable Capture capture) {
    if (capture == null) {
      OF_THREAD.remove();
    } else {
      OF_THREAD.set(capture);
    }
  }

  /** The only attempt of this process that runs now, if it is known to be the only one. */
  public static void only(@Nullable Capture capture) {
    only = capture;
  }

  /** The only attempt writes no more: the process ends. */
  public static void endOnly() {
    Capture capture = only;
    if (capture != null) {
      capture.end();
    }
  }

  static @Nullable Capture current() {
    Capture capture = OF_THREAD.get();
    return capture != null && !capture.ended() ? capture : only;
  }
}
