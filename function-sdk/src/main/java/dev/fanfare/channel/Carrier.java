package dev.fanfare.channel;

import java.util.concurrent.locks.LockSupport;

/**
 * A thread that carries what conversations gather. What comes rarely goes at once; of what comes
 * often, much goes together. The thread is its own so that an interrupt of whoever sends cannot
 * break a connection. Thread-safe.
 */
public final class Carrier implements Conversation.Outlet, AutoCloseable {
  /** What is not urgent goes at most so often. */
  private static final long PAUSE_NANOS = 200_000;

  private enum State {
    ASLEEP,
    PAUSING,
    WORKING
  }

  private final Runnable carry;
  private final Thread thread;
  private volatile State state = State.WORKING;
  private volatile boolean wanted;
  private volatile boolean urgent;
  private volatile boolean closed;

  private Carrier(String name, Runnable carry) {
    this.carry = carry;
    this.thread = new Thread(this::work, name);
    thread.setDaemon(true);
  }

  /**
   * Starts the thread.
   *
   * @param carry takes and sends all there is; must not throw
   */
  public static Carrier start(String name, Runnable carry) {
    var carrier = new Carrier(name, carry);
    carrier.thread.start();
    return carrier;
  }

  @Override
  public void ready(boolean now) {
    if (now) {
      urgent = true;
    }
    wanted = true;
    State found = state;
    if (found == State.ASLEEP || now && found == State.PAUSING) {
      LockSupport.unpark(thread);
    }
  }

  /** Ends the thread; what it was not asked to carry before stays. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }

  private void work() {
    long last = System.nanoTime() - PAUSE_NANOS;
    while (true) {
      sleep();
      pause(last + PAUSE_NANOS);
      state = State.WORKING;
      boolean over = closed;
      wanted = false;
      urgent = false;
      carry.run();
      if (over) {
        return;
      }
      last = System.nanoTime();
    }
  }

  private void sleep() {
    state = State.ASLEEP;
    while (!wanted && !closed) {
      LockSupport.park(this);
    }
  }

  private void pause(long until) {
    state = State.PAUSING;
    long left = until - System.nanoTime();
    while (left > 0 && !urgent && !closed) {
      LockSupport.parkNanos(this, left);
      left = until - System.nanoTime();
    }
  }
}
