package dev.fanfare.process;

import dev.fanfare.frame.Frame;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * JVMs started ahead that host nothing yet, all with the same heap. Only on the agent's context.
 */
public final class BlankRuntimes {
  private static final Logger log = LoggerFactory.getLogger(BlankRuntimes.class);

  /**
   * A new one is started this long after one was taken, so that the taken one's work goes first.
   */
  private static final long REFILL_MILLIS = 400;

  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  /**
   * While every slot is in use, which leaves none for a new runtime, starting one can wait so long.
   */
  private static final long LONGEST_WAIT_MILLIS = 5_000;

  private final Vertx vertx;
  private final ProcessLauncher launcher;
  private final int wanted;
  private final long memoryBytes;
  private final BooleanSupplier allBusy;
  private final ArrayDeque<Blank> ready = new ArrayDeque<>();
  private final ArrayDeque<Promise<StartedRuntime>> takers = new ArrayDeque<>();
  private int starting;
  private long pauseMillis = REFILL_MILLIS;
  private boolean closed;

  /**
   * Keeps {@code wanted} JVMs ready once {@link #fill} was called.
   *
   * @param allBusy whether the processor has better things to do than to start one
   */
  public BlankRuntimes(
      Vertx vertx,
      ProcessLauncher launcher,
      int wanted,
      long memoryBytes,
      BooleanSupplier allBusy) {
    this.allBusy = allBusy;
    this.vertx = vertx;
    this.launcher = launcher;
    this.wanted = wanted;
    this.memoryBytes = memoryBytes;
  }

  /** How many are ready. */
  public int count() {
    return ready.size();
  }

  /** Those that are ready. */
  public List<StartedRuntime> ready() {
    return List.copyOf(ready);
  }

  /** Whether one is ready, or will be soon, that nobody waits for. */
  public boolean available() {
    return ready.size() + starting > takers.size();
  }

  /** A runtime with this much heap: one that is ready or starts where it fits, else a new one. */
  public Future<StartedRuntime> take(long memory) {
    if (memory == memoryBytes) {
      Blank blank = ready.poll();
      if (blank != null) {
        later();
        return Future.succeededFuture(blank);
      }
      if (!closed && available()) {
        Promise<StartedRuntime> taker = Promise.promise();
        takers.add(taker);
        return taker.future();
      }
    }
    return launcher.start(memory);
  }

  /** Starts as many as are missing. */
  public void fill() {
    while (!closed && ready.size() + starting < wanted) {
      starting++;
      launcher
          .start(memoryBytes)
          .onComplete(
              done -> {
                starting--;
                if (done.succeeded()) {
                  pauseMillis = REFILL_MILLIS;
                  add(done.result());
                } else {
                  takers.forEach(taker -> launcher.start(memoryBytes).onComplete(taker));
                  takers.clear();
                  pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
                  later();
                }
              });
    }
  }

  /** Replaces those that are ready, for example after the AOT cache was made. */
  public void renew() {
    ready.forEach(blank -> blank.runtime.kill());
    ready.clear();
    fill();
  }

  /** Ends those that are ready and starts no more. */
  public void close() {
    closed = true;
    takers.forEach(taker -> taker.fail("the worker stops"));
    takers.clear();
    ready.forEach(blank -> blank.runtime.kill());
    ready.clear();
  }

  private void later() {
    refill(pauseMillis, LONGEST_WAIT_MILLIS);
  }

  private void refill(long afterMillis, long waitMillis) {
    vertx.setTimer(
        afterMillis,
        timer -> {
          if (waitMillis > 0 && allBusy.getAsBoolean()) {
            refill(REFILL_MILLIS, waitMillis - REFILL_MILLIS);
          } else {
            fill();
          }
        });
  }

  private void add(StartedRuntime runtime) {
    if (closed || takers.isEmpty() && ready.size() >= wanted) {
      runtime.kill();
      return;
    }
    var blank = new Blank(runtime);
    runtime.listen(blank);
    Promise<StartedRuntime> taker = takers.poll();
    if (taker == null) {
      ready.add(blank);
    } else {
      later();
      taker.complete(blank);
    }
  }

  /** Notices when a blank runtime ends; passes on to whoever takes it. */
  private final class Blank implements StartedRuntime, StartedRuntime.Listener {
    private final StartedRuntime runtime;
    private @Nullable Listener listener;

    Blank(StartedRuntime runtime) {
      this.runtime = runtime;
    }

    @Override
    public void listen(Listener to) {
      listener = to;
    }

    @Override
    public void send(Frame frame) {
      runtime.send(frame);
    }

    @Override
    public void kill() {
      runtime.kill();
    }

    @Override
    public String name() {
      return runtime.name();
    }

    @Override
    public Optional<ProcessHandle> process() {
      return runtime.process();
    }

    @Override
    public void received(Frame frame) {
      if (listener != null) {
        listener.received(frame);
      }
    }

    @Override
    public void ended(Exit exit) {
      if (listener != null) {
        listener.ended(exit);
      } else if (ready.remove(this)) {
        log.warn("a blank runtime ended: {}", exit.words());
        later();
      }
    }
  }
}
