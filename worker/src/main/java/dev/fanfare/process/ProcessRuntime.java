package dev.fanfare.process;

import dev.fanfare.frame.Frame;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A runtime in a child process. */
final class ProcessRuntime implements StartedRuntime {
  private static final Logger log = LoggerFactory.getLogger(ProcessRuntime.class);

  /** A process may outlive its socket by this much. */
  private static final long EXIT_MILLIS = 500;

  /** What a process sent last is waited for no longer, should another hold its socket open. */
  private static final long LAST_WORDS_MILLIS = 2_000;

  private final Context context;
  private final Process process;
  private final Forced forced;
  private final Scratch scratch;
  private final RawOutput output;
  private final FrameStream frames;
  private final List<Frame> early = new ArrayList<>();
  private @Nullable Listener listener;
  private @Nullable String goodbye;
  private @Nullable Exit exit;
  private final Promise<Boolean> gone = Promise.promise();
  private boolean killed;
  private boolean closed;
  private boolean exited;

  /** How it is ended by force; blocks. */
  interface Forced {
    void end(Process process);

    /** It has ended; now what it left does. */
    default void ended(Process process) {}
  }

  ProcessRuntime(
      Context context,
      Process process,
      Forced forced,
      Scratch scratch,
      RawOutput output,
      NetSocket socket) {
    this.context = context;
    this.process = process;
    this.forced = forced;
    this.scratch = scratch;
    this.output = output;
    this.frames = new FrameStream(socket, this::received, this::broken);
    socket.handler(frames);
    socket.closeHandler(closed -> socketClosed());
    socket.exceptionHandler(reset -> {}); // that it ended with bytes unread; then it is closed, too
    var _ = process.onExit().thenRun(() -> context.runOnContext(now -> exited()));
  }

  /** Bytes that came before the frames were listened to. */
  void early(Buffer bytes) {
    if (bytes.length() > 0) {
      frames.handle(bytes);
    }
  }

  @Override
  public void listen(Listener to) {
    listener = to;
    early.forEach(to::received);
    early.clear();
    if (exit != null) {
      to.ended(exit);
    }
  }

  @Override
  public void send(Frame frame) {
    if (exit == null && !killed) {
      frames.send(frame);
    }
  }

  @Override
  public void kill() {
    if (exit == null && !killed) {
      killed = true;
      killTree();
    }
  }

  @Override
  public String name() {
    return "process " + process.pid();
  }

  @Override
  public Optional<ProcessHandle> process() {
    return Optional.of(process.toHandle());
  }

  /** Succeeds once it has ended and its folder is removed. */
  Future<Boolean> gone() {
    return gone.future();
  }

  boolean alive() {
    return exit == null && !killed;
  }

  void drainOutput() {
    if (exit == null) {
      output.drain();
    }
  }

  private void killTree() {
    Blocking.call(
        context,
        () -> {
          forced.end(process);
          return true;
        });
  }

  /** With all that it started. */
  static void endTree(Process process) {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private void received(Frame frame) {
    if (frame instanceof Frame.Bye bye) {
      goodbye = bye.reason();
      if (!bye.reason().equals("exit")) {
        killTree();
      }
    } else if (listener == null) {
      early.add(frame);
    } else {
      listener.received(frame);
    }
  }

  private void broken(String why) {
    log.warn("{} sent what is no frame and is ended: {}", name(), why);
    killTree();
  }

  /** A process without its socket is of no use; it may be on its way out by itself. */
  private void socketClosed() {
    closed = true;
    if (exited) {
      ended();
      return;
    }
    context
        .owner()
        .setTimer(
            EXIT_MILLIS,
            late -> {
              if (!exited) {
                killTree();
              }
            });
  }

  /** What it sent before its end is heard first: the socket is closed once it has been read. */
  private void exited() {
    exited = true;
    if (closed) {
      ended();
    } else {
      context.owner().setTimer(LAST_WORDS_MILLIS, late -> ended());
    }
  }

  private void ended() {
    if (exit != null) {
      return;
    }
    output.drain();
    exit = ExitWords.of(process.exitValue(), killed, goodbye, output.text());
    Blocking.call(
            context,
            () -> {
              forced.ended(process);
              return scratch.delete();
            })
        .onComplete(gone);
    if (listener != null) {
      listener.ended(exit);
    }
  }
}
