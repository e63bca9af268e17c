package dev.fanfare.frame;

import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pair of ends inside one process: frames pass by reference, each end's listener is called on its
 * own executor, one call at a time and in order, whatever the executor's number of threads.
 *
 * <p>Both listeners hear {@link Link.Listener#closed} once, whoever closes. A listener that throws
 * closes the link. Frames that wait for a slow listener are not bounded here; {@link #congested}
 * tells when there are more than {@link #CONGESTED}.
 */
public final class InProcessLink implements Link {
  /** With more frames than this waiting at the other end, a link says it is congested. */
  public static final int CONGESTED = 1_024;

  private final Executor thread;
  private final ConcurrentLinkedQueue<Object> inbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean closed;
  private @Nullable InProcessLink other;
  private Link.@Nullable Listener listener;
  private volatile boolean sinceCongested;
  private boolean done;

  private record Closed(String reason) {}

  private record Start(Function<Link, Link.Listener> listener) {}

  private static final Object ROOM = new Object();

  private InProcessLink(Executor thread, AtomicBoolean closed) {
    this.thread = thread;
    this.closed = closed;
  }

  /**
   * Connects two listeners.
   *
   * @param far makes the other end's listener from its link; called on {@code farThread}, first
   * @return the near end's link
   */
  public static Link connect(
      Link.Listener near,
      Executor nearThread,
      Function<Link, Link.Listener> far,
      Executor farThread) {
    var closed = new AtomicBoolean();
    var nearEnd = new InProcessLink(nearThread, closed);
    var farEnd = new InProcessLink(farThread, closed);
    nearEnd.other = farEnd;
    farEnd.other = nearEnd;
    nearEnd.listener = near;
    farEnd.hear(new Start(far));
    return nearEnd;
  }

  @Override
  public void send(Frame frame) {
    if (!closed.get()) {
      InProcessLink receiver = other();
      receiver.waiting.incrementAndGet();
      receiver.hear(frame);
    }
  }

  @Override
  public boolean congested() {
    if (other().waiting.get() <= CONGESTED) {
      return false;
    }
    sinceCongested = true;
    return other().waiting.get() > CONGESTED / 2;
  }

  @Override
  public void close() {
    close("closed");
  }

  @Override
  public String peer() {
    return "in-process";
  }

  private void close(String reason) {
    if (closed.compareAndSet(false, true)) {
      other().hear(new Closed(reason));
      hear(new Closed(reason));
    }
  }

  private void hear(Object message) {
    inbox.add(message);
    if (running.compareAndSet(false, true)) {
      thread.execute(this::deliver);
    }
  }

  private void deliver() {
    do {
      for (Object message = inbox.poll(); message != null; message = inbox.poll()) {
        if (!done) {
          deliver(message);
        }
      }
      running.set(false);
    } while (!inbox.isEmpty() && running.compareAndSet(false, true));
  }

  private void deliver(Object message) {
    try {
      switch (message) {
        case Frame frame -> {
          if (waiting.decrementAndGet() == CONGESTED / 2 && other().sinceCongested) {
            other().sinceCongested = false;
            other().hear(ROOM);
          }
          listener().received(frame);
        }
        case Start start -> listener = start.listener.apply(this);
        case Closed end -> {
          done = true;
          listener().closed(end.reason);
        }
        default -> listener().drained();
      }
    } catch (RuntimeException e) {
      System.getLogger(InProcessLink.class.getName())
          .log(System.Logger.Level.ERROR, "a listener failed, its link is closed", e);
      close("the receiver failed: " + e);
    }
  }

  private InProcessLink other() {
    return Objects.requireNonNull(other);
  }

  private Link.Listener listener() {
    return Objects.requireNonNull(listener);
  }
}
