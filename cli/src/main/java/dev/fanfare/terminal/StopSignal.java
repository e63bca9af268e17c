package dev.fanfare.terminal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jline.utils.Signals;

/**
 * Waits for somebody to stop this process: Ctrl-C, or the signals TERM and HUP. The second Ctrl-C
 * ends the process at once.
 */
public final class StopSignal implements AutoCloseable {
  private final CompletableFuture<ExitCode> stopped = new CompletableFuture<>();

  private StopSignal() {}

  /** Takes the signals from now on. */
  public static StopSignal install() {
    var signal = new StopSignal();
    Signals.register("INT", signal::interrupt);
    Signals.register("TERM", () -> signal.stopped.complete(ExitCode.OK));
    Signals.register("HUP", () -> signal.stopped.complete(ExitCode.OK));
    return signal;
  }

  /** Blocks until a signal comes; tells the exit code that it stands for. */
  public ExitCode await() {
    try {
      return stopped.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ExitCode.INTERRUPTED;
    } catch (ExecutionException e) {
      throw new IllegalStateException("it never fails", e);
    }
  }

  /**
   * Blocks until the stage completes or a signal comes, and tells whether it was the stage.
   *
   * @throws CompletionException if the stage failed
   */
  public boolean awaitUnlessStopped(CompletionStage<?> stage) {
    CompletableFuture<?> work = stage.toCompletableFuture();
    CompletableFuture.anyOf(work, stopped).join();
    return work.isDone();
  }

  /** Leaves the signals to the JVM again. */
  @Override
  public void close() {
    Signals.registerDefault("INT");
    Signals.registerDefault("TERM");
    Signals.registerDefault("HUP");
  }

  private void interrupt() {
    if (!stopped.complete(ExitCode.INTERRUPTED)) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED.number());
    }
  }
}
