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
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pipe that can reach the gateway: dials on the far worker's behalf and passes frames
 * through. Whatever is secret stays here. Its doors may be used from any thread.
 */
public final class NearEnd {
  private static final long ALIVE_MILLIS = 2_000;

  private final Context context;
  private final Dialer dialer;
  private final Promise<Void> opened = Promise.promise();
  private final Promise<String> over = Promise.promise();
  private final List<Runnable> heldBack = new ArrayList<>();
  private @Nullable PipeStream pipe;
  private @Nullable Through through;
  private long timer = -1;

  private NearEnd(Context context, Dialer dialer) {
    this.context = context;
    this.dialer = dialer;
  }

  /**
   * Starts the worker at the far end.
   *
   * @param arguments how it is to be run
   */
  public static NearEnd start(
      Context context, InputStream in, OutputStream out, Dialer dialer, List<String> arguments) {
    var end = new NearEnd(context, dialer);
    context.runOnContext(begin -> end.begin(in, out, arguments));
    return end;
  }

  /** Succeeds once the gateway has let the worker in; fails if it never will. */
  public Future<Void> opened() {
    return opened.future();
  }

  /** Completes when the far end is gone, with the reason. */
  public Future<String> over() {
    return over.future();
  }

  /** Lets the worker finish what runs, at most so long, and end. */
  public void stop(Duration atMost) {
    context.runOnContext(now -> say(Message.of(Kind.STOP, 0, Long.toString(atMost.toMillis()))));
  }

  private void begin(InputStream in, OutputStream out, List<String> arguments) {
    pipe = PipeStream.start(in, out, task -> context.runOnContext(now -> task.run()), hearing());
    say(Message.of(Kind.START, 0, String.join("\0", arguments)));
    timer = context.owner().setPeriodic(ALIVE_MILLIS, alive -> say(Message.of(Kind.ALIVE, 0, "")));
  }

  private void dial(int number) {
    var next = new Through(number);
    through = next;
    dialer
        .dial(next)
        .onComplete(
            done ->
                context.runOnContext(
                    dialled -> {
                      if (done.succeeded()) {
                        next.open(done.result());
                      } else {
                        next.failed(done.cause());
                      }
                    }));
  }

  private void say(Message message) {
    Objects.requireNonNull(pipe).send(message);
  }

  /** One link to the gateway, whose frames go through. */
  private final class Through implements Link.Listener {
    private final int number;
    private @Nullable Link link;

    Through(int number) {
      this.number = number;
    }

    void open(Link to) {
      if (this != through) {
        to.close();
        return;
      }
      link = to;
      say(Message.of(Kind.OPEN, number, to.peer()));
    }

    void failed(Throwable failure) {
      if (this == through) {
        through = null;
        boolean refused = failure instanceof DialRefused;
        if (refused) {
          opened.tryFail(failure);
        }
        say(
            Message.of(
                refused ? Kind.REFUSED : Kind.FAILED,
                number,
                String.valueOf(failure.getMessage())));
      }
    }

    @Override
    public void received(Frame frame) {
      if (frame instanceof Frame.Welcome) {
        opened.tryComplete();
      } else if (frame instanceof Frame.Bye bye && !bye.retry()) {
        opened.tryFail(DialRefused.because(bye.reason()));
      }
      say(new Message(Kind.FRAME, number, FrameCodec.cbor(frame)));
    }

    @Override
    public void drained() {
      heldBack.forEach(Runnable::run);
      heldBack.clear();
    }

    @Override
    public void closed(String reason) {
      drained();
      if (this == through) {
        through = null;
        say(Message.of(Kind.CLOSED, number, reason));
      }
    }

    /** Passes a frame on; no more is read while the gateway's link is full. */
    void forward(byte[] bytes, Runnable dealt) {
      if (link == null) {
        dealt.run();
        return;
      }
      try {
        link.send(FrameCodec.readCbor(bytes, 0, bytes.length));
      } catch (MalformedFrame e) {
        link.close();
      }
      if (link.congested()) {
        heldBack.add(dealt);
      } else {
        dealt.run();
      }
    }

    void close() {
      through = null;
      if (link != null) {
        link.close();
      }
      drained();
    }
  }

  private PipeStream.Listener hearing() {
    return new PipeStream.Listener() {
      @Override
      public void received(Message message, Runnable dealt) {
        Through current = through;
        boolean ours = current != null && current.number == message.link();
        if (current != null && ours && message.kind() == Kind.FRAME) {
          current.forward(message.content(), dealt);
          return;
        }
        if (current != null && ours && message.kind() == Kind.CLOSE) {
          current.close();
        } else if (message.kind() == Kind.DIAL) {
          dial(message.link());
        } else if (message.kind() == Kind.CREDENTIAL) {
          dialer.credential(message.text());
        }
        dealt.run();
      }

      @Override
      public void drained() {}

      @Override
      public void closed(String reason) {
        context.owner().cancelTimer(timer);
        if (through != null) {
          through.close();
        }
        over.tryComplete(reason);
        opened.tryFail(reason);
      }
    };
  }
}
