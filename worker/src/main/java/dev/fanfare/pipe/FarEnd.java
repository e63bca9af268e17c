package dev.fanfare.pipe;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.MalformedFrame;
import dev.fanfare.pipe.PipeStream.Message;
import dev.fanfare.worker.DialRefused;
import dev.fanfare.worker.Dialer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The end of a pipe where the worker runs: asks the near end to dial. On the agent's context. */
public final class FarEnd implements Dialer {
  /** The near end is gone if nothing came from it for so long. */
  private static final long LONGEST_SILENCE_NANOS = 20_000_000_000L;

  private static final long LOOK_MILLIS = 1_000;

  private final Context context;
  private final Events events;
  private @Nullable PipeStream pipe;
  private @Nullable Attempt attempt;
  private int links;
  private long heardNanos = System.nanoTime();
  private boolean over;

  /** What the near end wants of the worker, and its end; on the context. */
  public interface Events {
    /** How the worker is to be run: arguments as of a command line. Comes once, first. */
    void start(List<String> arguments);

    /** Finish what runs, at most so long, then end. */
    void stop(Duration atMost);

    /** The near end is gone: nothing may go on here. */
    void gone(String reason);
  }

  private final class Attempt implements Link {
    private final int number = ++links;
    private final Link.Listener listener;
    private final Promise<Link> promise = Promise.promise();
    private String peer = "";

    Attempt(Link.Listener listener) {
      this.listener = listener;
    }

    @Override
    public void send(Frame frame) {
      say(new Message(Kind.FRAME, number, FrameCodec.cbor(frame)));
    }

    @Override
    public boolean congested() {
      return pipe != null && pipe.congested();
    }

    @Override
    public void close() {
      if (attempt == this) {
        attempt = null;
        say(Message.of(Kind.CLOSE, number, ""));
        context.runOnContext(later -> listener.closed("closed"));
      }
    }

    @Override
    public String peer() {
      return peer;
    }
  }

  private FarEnd(Context context, Events events) {
    this.context = context;
    this.events = events;
  }

  /** Takes what comes from the near end from now on. */
  public static FarEnd start(Context context, InputStream in, OutputStream out, Events events) {
    var end = new FarEnd(context, events);
    end.pipe =
        PipeStream.start(
            in, out, task -> context.runOnContext(now -> task.run()), end.new Hearing());
    context.owner().setPeriodic(LOOK_MILLIS, look -> end.look());
    return end;
  }

  @Override
  public Future<Link> dial(Link.Listener listener) {
    var next = new Attempt(listener);
    attempt = next;
    say(Message.of(Kind.DIAL, next.number, ""));
    return next.promise.future();
  }

  @Override
  public String way() {
    return "ssh";
  }

  @Override
  public void credential(String credential) {
    say(Message.of(Kind.CREDENTIAL, 0, credential));
  }

  /** Runs it once all that was sent is on its way; for the very end. */
  public void finish(Runnable done) {
    Objects.requireNonNull(pipe).finish(done);
  }

  private void look() {
    if (System.nanoTime() - heardNanos > LONGEST_SILENCE_NANOS) {
      gone("nothing came for a while");
    }
  }

  private void gone(String reason) {
    if (!over) {
      over = true;
      events.gone(reason);
    }
  }

  private void say(Message message) {
    Objects.requireNonNull(pipe).send(message);
  }

  private final class Hearing implements PipeStream.Listener {
    @Override
    public void received(Message message, Runnable dealt) {
      heardNanos = System.nanoTime();
      switch (message.kind()) {
        case START -> events.start(List.of(message.text().split("\0")));
        case STOP -> events.stop(Duration.ofMillis(Long.parseLong(message.text())));
        case ALIVE -> {}
        default -> {
          Attempt current = attempt;
          if (current != null && current.number == message.link()) {
            received(current, message);
          }
        }
      }
      dealt.run();
    }

    private void received(Attempt current, Message message) {
      switch (message.kind()) {
        case OPEN -> {
          current.peer = message.text();
          current.promise.tryComplete(current);
        }
        case FAILED -> {
          attempt = null;
          current.promise.tryFail(new IOException(message.text()));
        }
        case REFUSED -> {
          attempt = null;
          current.promise.tryFail(DialRefused.because(message.text()));
        }
        case FRAME -> frame(current, message.content());
        case CLOSED -> {
          attempt = null;
          current.listener.closed(message.text());
        }
        default -> {}
      }
    }

    private void frame(Attempt current, byte[] bytes) {
      try {
        current.listener.received(FrameCodec.readCbor(bytes, 0, bytes.length));
      } catch (MalformedFrame e) {
        current.close();
      }
    }

    @Override
    public void drained() {
      if (attempt != null) {
        attempt.listener.drained();
      }
    }

    @Override
    public void closed(String reason) {
      gone(reason);
    }
  }
}
