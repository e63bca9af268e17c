package dev.fanfare.runtime;

import java.util.concurrent.locks.LockSupport;

/**
 * Threads of which one reads the socket. The one that read a lease runs it itself, without a change
 * of thread; when that takes longer than {@link #HAND_OVER_NANOS}, reading passes to another, so
 * that cancellation and further leases are heard. At most two of them may have work at a time.
 */
final class Hands {
  private static final long TICK_NANOS = 1_000_000;
  private static final long HAND_OVER_NANOS = 800_000;
  private static final long AWAKE_NANOS = 1_000_000_000;

  /** Log lines and outcomes do not wait behind a long run for more than this. */
  private static final long FLUSH_NANOS = 5_000_000;

  /** What is done again and again: wait for a frame, take it in, work on it. */
  interface Work<T> {
    /** Waits for the next frame. */
    T next();

    /** Takes it in, in order; true if it brought something to work on. */
    boolean take(T item);

    /** Works on what was taken in, for as long as it takes. */
    void work();

    /** Called about every millisecond while there is work. */
    void tick(long flushNanos);
  }

  private final Work<Object> work;
  private final Object lock = new Object();
  private final Thread[] hands = new Thread[3];
  private final boolean[] waits = new boolean[hands.length];
  private final Thread watch = new Thread(this::watch, "fanfare-watch");
  private int reader;
  private boolean busy;
  private long busySince;
  private int idle;
  private volatile long lastWork;
  private volatile boolean asleep;

  @SuppressWarnings("unchecked")
  <T> Hands(Work<T> work) {
    this.work = (Work<Object>) work;
    for (int i = 0; i < hands.length; i++) {
      int self = i;
      hands[i] = new Thread(() -> serve(self), i == 0 ? "function" : "function-" + i);
    }
    watch.setDaemon(true);
  }

  void start() {
    for (Thread hand : hands) {
      hand.start();
    }
    watch.start();
  }

  private void serve(int self) {
    while (true) {
      awaitTurn(self);
      boolean mine = true;
      while (mine) {
        if (work.take(work.next())) {
          begin();
          work.work();
          mine = end(self);
        }
      }
    }
  }

  private void awaitTurn(int self) {
    synchronized (lock) {
      idle++;
      waits[self] = true;
      boolean interrupted = false;
      while (reader != self) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true; // left over by a function's own thread; means nothing here
        }
      }
      idle--;
      waits[self] = false;
      if (interrupted) {
        Thread.interrupted();
      }
    }
  }

  private void begin() {
    long now = System.nanoTime();
    synchronized (lock) {
      busy = true;
      busySince = now;
    }
    lastWork = now;
    if (asleep) {
      LockSupport.unpark(watch);
    }
  }

  private boolean end(int self) {
    synchronized (lock) {
      boolean mine = reader == self;
      if (mine) {
        busy = false;
      }
      return mine;
    }
  }

  private void watch() {
    while (true) {
      LockSupport.parkNanos(TICK_NANOS);
      long now = System.nanoTime();
      handOver(now);
      work.tick(FLUSH_NANOS);
      if (now - lastWork > AWAKE_NANOS && !isBusy()) {
        rest();
      }
    }
  }

  private void rest() {
    asleep = true;
    while (System.nanoTime() - lastWork > AWAKE_NANOS && !isBusy()) {
      LockSupport.park();
    }
    asleep = false;
  }

  private boolean isBusy() {
    synchronized (lock) {
      return busy || idle < hands.length - 1;
    }
  }

  private void handOver(long now) {
    synchronized (lock) {
      if (busy && idle > 0 && now - busySince > HAND_OVER_NANOS) {
        reader = nextIdle();
        busy = false;
        lock.notifyAll();
      }
    }
  }

  private int nextIdle() {
    int next = 0;
    while (!waits[next]) {
      next++;
    }
    return next;
  }
}
