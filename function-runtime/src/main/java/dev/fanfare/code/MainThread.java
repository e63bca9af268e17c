package dev.fanfare.code;

import org.jspecify.annotations.Nullable;

/**
 * Runs a main method as the Java launcher does: on a thread named main, and until the threads that
 * it started, daemons aside, have ended too.
 */
final class MainThread {
  private final ThreadGroup group = new ThreadGroup("main");
  private final ClassLoader classes;
  private volatile @Nullable Throwable thrown;

  /** What runs there. */
  interface Main {
    void run() throws Throwable;
  }

  MainThread(ClassLoader classes) {
    this.classes = classes;
  }

  /** Returns when all is over; an interrupt is passed on and waited for. */
  void run(Main main) throws Throwable {
    var thread = new Thread(group, () -> guarded(main), "main");
    thread.setContextClassLoader(classes);
    thread.start();
    try {
      thread.join();
      awaitOthers();
    } catch (InterruptedException e) {
      group.interrupt();
      thread.join();
      throw e;
    }
    Throwable failure = thrown;
    if (failure != null) {
      throw failure;
    }
  }

  private void guarded(Main main) {
    try {
      main.run();
    } catch (Throwable failure) {
      thrown = failure;
    }
  }

  private void awaitOthers() throws InterruptedException {
    for (Thread other = other(); other != null; other = other()) {
      other.join();
    }
  }

  /** A thread of the group, or one within, that is no daemon; null if there is none. */
  private @Nullable Thread other() {
    var threads = new Thread[group.activeCount() + 16];
    int count = group.enumerate(threads, true);
    for (int i = 0; i < count; i++) {
      if (!threads[i].isDaemon()) {
        return threads[i];
      }
    }
    return null;
  }
}
