package dev.fanfare.runtime;

import dev.fanfare.capture.StandardStreams;
import dev.fanfare.execution.RunningCommand;
import dev.fanfare.frame.Frame;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The main class of a runtime's process: connects to the worker's socket, hosts what it is told to
 * host, and ends at once when the worker is gone, whatever threads the function has started.
 */
public final class RuntimeMain {
  /** The exit code of a runtime that failed by its own fault. */
  public static final int OWN_FAILURE = 70;

  private RuntimeMain() {}

  /** How many bytes a runtime first sends, to prove that it is the one that was started. */
  public static final int TOKEN_BYTES = 32;

  /**
   * Takes one argument, the path of the worker's Unix-domain socket, and from standard input the
   * token to send there first.
   */
  public static void main(String[] arguments) throws IOException {
    byte[] token = System.in.readNBytes(TOKEN_BYTES);
    serve(new SocketLink(Path.of(arguments[0]), token));
  }

  static void serve(SocketLink link) {
    StandardStreams.own();
    var host = new RuntimeHost(link, true);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> sayGoodbye(host, link), "fanfare-exit"));
    var warmup = new Warmup(Path.of(System.getProperty("java.io.tmpdir")));
    new Hands(new Reading(link, host, warmup)).start();
    warmup.start();
  }

  /** A function called {@code System.exit}; the exit code is the process's own to tell. */
  private static void sayGoodbye(RuntimeHost host, SocketLink link) {
    host.flushLast();
    RunningCommand.closeAll();
    link.send(new Frame.Bye("exit", false));
  }

  private record Reading(SocketLink link, RuntimeHost host, Warmup warmup)
      implements Hands.Work<Frame> {
    @Override
    public Frame next() {
      try {
        return link.read();
      } catch (IOException e) {
        RunningCommand.closeAll();
        Runtime.getRuntime().halt(0);
        throw new IllegalStateException("unreachable", e);
      }
    }

    @Override
    public boolean take(Frame frame) {
      if (frame instanceof Frame.Load) {
        warmup.stop();
      }
      try {
        return host.take(frame);
      } catch (RuntimeException | Error e) {
        link.send(new Frame.Bye("the runtime failed: " + Faults.words(e), false));
        Runtime.getRuntime().halt(OWN_FAILURE);
        throw e;
      }
    }

    @Override
    public void work() {
      host.work();
    }

    @Override
    public void tick(long flushNanos) {
      host.unblock();
      host.flushOlderThan(flushNanos);
    }
  }
}
