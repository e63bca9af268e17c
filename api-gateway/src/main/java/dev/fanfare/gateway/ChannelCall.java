package dev.fanfare.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatch.ChannelClient;
import dev.fanfare.dispatch.Waiter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import org.jspecify.annotations.Nullable;

/**
 * One client that talks with a function over a WebSocket. When the client goes away the invocation
 * is cancelled; when the invocation ends, the socket's close code tells how. What the dispatcher
 * says comes on its context, all else happens on the connection's.
 */
final class ChannelCall extends WaitingCall implements Waiter, ChannelClient {
  /** The subprotocol of clients that keep channels' ends themselves. */
  static final String EVENTS = "fanfare.channel.v1";

  /** Why the socket is not read: the function has not begun, or its worker is behind. */
  static final int NOT_READY = 1;

  /** Why the socket is not read: the function has no room for more. */
  static final int NO_ROOM = 2;

  /** How long a function may go on whose client closed the socket in order. */
  static final long GRACE_MILLIS = 10_000;

  private static final long PING_MILLIS = 10_000;
  private static final int MOST_MISSED = 6;
  private static final int WRITE_QUEUE_BYTES = 512 * 1024;
  private static final short NORMAL = 1000;
  private static final int CODES = 4_000;
  private static final int REASON_BYTES = 123;

  private final ServerWebSocket socket;
  private Speech speech;
  private int held;
  private int missed;
  private boolean submitted;
  private boolean clientGone;
  private boolean over;

  @SuppressWarnings("NullAway") // how the client speaks is there from the start
  ChannelCall(
      FunctionCalls calls,
      ServerWebSocket socket,
      InvocationId id,
      Target target,
      CallOptions options) {
    super(calls, id, target, options);
    this.socket = socket;
  }

  /** Begins to listen to the client. */
  void start(Speech itsSpeech) {
    speech = itsSpeech;
    Vertx vertx = calls.platform().vertx();
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    socket.binaryMessageHandler(message -> received(message, false));
    socket.textMessageHandler(message -> received(Buffer.buffer(message), true));
    socket.pongHandler(pong -> missed = 0);
    socket.exceptionHandler(broken -> socket.close());
    long pings = vertx.setPeriodic(PING_MILLIS, ping -> ping());
    socket.closeHandler(
        closed -> {
          vertx.cancelTimer(pings);
          clientClosed();
        });
    speech.opened();
  }

  // ---- for how the client speaks ----

  InvocationId id() {
    return id;
  }

  ServerWebSocket socket() {
    return socket;
  }

  void submit(Payload argument) {
    submitted = true;
    calls.waiting().add(this);
    calls.dispatcher().openChannel(id, this);
    calls
        .dispatcher()
        .submit(calls.submission(id, target, options, false, Submission.NEVER, argument), this);
  }

  void say(byte[] events) {
    calls.dispatcher().say(id, events, () -> calls.platform().onContext(() -> hold(NOT_READY)));
  }

  /** The socket is not read for now. */
  void hold(int why) {
    if (held == 0 && !over) {
      socket.pause();
    }
    held |= why;
  }

  void release(int why) {
    if (held != 0 && (held &= ~why) == 0) {
      socket.resume();
    }
  }

  /** Ends it from this side. */
  void fail(Problem problem) {
    if (!over) {
      leave("the channel was broken: " + problem.code());
      end(problem);
    }
  }

  // ---- the client ----

  private void received(Buffer message, boolean text) {
    missed = 0;
    if (!over && !clientGone) {
      speech.received(message, text);
    }
  }

  private void ping() {
    if (held != 0) {
      missed = 0; // its pongs are not read
    } else if (++missed > MOST_MISSED) {
      socket.close();
    }
    socket.writePing(Buffer.buffer());
  }

  private void clientClosed() {
    if (over || clientGone) {
      return;
    }
    clientGone = true;
    Short code = socket.closeStatusCode();
    if (submitted && code != null && code == NORMAL && speech.closed()) {
      calls.platform().vertx().setTimer(GRACE_MILLIS, late -> cancel());
    } else {
      cancel();
    }
  }

  private void cancel() {
    if (!over) {
      over = true;
      leave("the client went away");
    }
  }

  private void leave(String why) {
    if (submitted) {
      calls.waiting().remove(this);
      calls.dispatcher().leave(id);
      calls.dispatcher().closeChannel(id);
      calls.dispatcher().cancel(target.tenant(), id, why);
    }
  }

  // ---- the function ----

  @Override
  public void began() {
    calls.platform().onContext(() -> release(NOT_READY));
  }

  @Override
  public void said(byte[] events) {
    calls
        .platform()
        .onContext(
            () -> {
              if (!over && !clientGone) {
                speech.said(events);
              }
            });
  }

  @Override
  public void drained() {
    calls.platform().onContext(() -> release(NOT_READY));
  }

  @Override
  public void lost(String why) {
    calls
        .platform()
        .onContext(() -> fail(Problem.of(502, "worker-lost", "Worker lost", why).about(id)));
  }

  // ---- the invocation ----

  @Override
  public void admitted(Admission admission) {
    if (admission == Admission.FULL) {
      calls.platform().onContext(() -> refused(AsyncCall.full()));
    }
  }

  @Override
  public void uncertain(String why) {
    calls.platform().onContext(() -> refused(calls.about(Problem.uncertain(why), id, options)));
  }

  @Override
  public void ended(InvocationRecord invocation) {
    Runnable finish = () -> refused(InvocationAnswer.problem(invocation));
    calls.dispatcher().afterLastWords(id, () -> calls.platform().onContext(finish));
  }

  @Override
  void giveUp(String why) {
    fail(calls.about(Problem.of(503, "no-capacity", "No capacity", why), id, options));
  }

  @Override
  void shutDown() {
    fail(Problem.of(503, "shutting-down", "Shutting down", "the gateway stops"));
  }

  /** It is over by itself; null when the function returned. */
  private void refused(@Nullable Problem problem) {
    if (!over) {
      calls.waiting().remove(this);
      calls.dispatcher().closeChannel(id);
      end(problem);
    }
  }

  private void end(@Nullable Problem problem) {
    over = true;
    held = 0;
    socket.resume();
    if (clientGone) {
      return;
    }
    Problem told = speech.ended(problem);
    if (told == null) {
      socket.close(NORMAL, "");
    } else {
      socket.close((short) (CODES + told.status()), cut(told.code() + ": " + told.detail()));
    }
  }

  /** As much of it as fits, in whole characters. */
  private static String cut(String reason) {
    String cut = reason;
    while (cut.getBytes(UTF_8).length > REASON_BYTES) {
      cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
    }
    return cut;
  }
}
