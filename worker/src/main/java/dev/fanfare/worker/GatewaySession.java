package dev.fanfare.worker;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The worker's contact with a gateway: dials until it is open, notices when the other end falls
 * silent, dials again. Only on the agent's context.
 */
final class GatewaySession {
  private static final Logger log = LoggerFactory.getLogger(GatewaySession.class);
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 10_000;
  private static final long GREETING_MILLIS = 10_000;

  /** Heartbeats that may be missed before the other end is lost. */
  private static final int MISSED = 5;

  private final Context context;
  private final Vertx vertx;
  private final Dialer dialer;
  private final Function<Optional<String>, Frame.Hello> hello;
  private final Events events;
  private final Promise<Void> firstOpened = Promise.promise();
  private @Nullable Contact contact;
  private Optional<String> resume = Optional.empty();
  private long pauseMillis = FIRST_PAUSE_MILLIS;
  private boolean closed;

  /** What the agent hears of its session. */
  interface Events {
    void opened(Frame.Welcome welcome);

    void received(Frame frame);

    void lost();

    void beat();
  }

  GatewaySession(
      Context context,
      Dialer dialer,
      Function<Optional<String>, Frame.Hello> hello,
      Events events) {
    this.context = context;
    this.vertx = context.owner();
    this.dialer = dialer;
    this.hello = hello;
    this.events = events;
  }

  Future<Void> firstOpened() {
    return firstOpened.future();
  }

  boolean isOpen() {
    return contact != null && contact.open;
  }

  void send(Frame frame) {
    if (contact != null && contact.open && contact.link != null) {
      contact.link.send(frame);
    }
  }

  void dial() {
    if (closed) {
      return;
    }
    var next = new Contact();
    contact = next;
    dialer
        .dial(next)
        .onComplete(
            done ->
                context.runOnContext(
                    dialled -> {
                      if (done.succeeded()) {
                        next.greet(done.result());
                      } else {
                        next.dialFailed(done.cause());
                      }
                    }));
  }

  /** Ends the session in words; no other is opened. */
  void close(String reason) {
    closed = true;
    if (contact != null) {
      Contact last = contact;
      contact = null;
      last.end(reason);
    }
  }

  private void dialLater(String why) {
    long pause = pauseMillis / 2 + ThreadLocalRandom.current().nextLong(pauseMillis / 2 + 1);
    log.info("no session with the gateway ({}); next try in {} ms", why, pause);
    pauseMillis = Math.min(LONGEST_PAUSE_MILLIS, pauseMillis * 2);
    vertx.setTimer(pause, timer -> dial());
  }

  private void giveUp(String reason) {
    closed = true;
    log.error("the gateway refuses this worker: {}", reason);
    firstOpened.tryFail(DialRefused.because(reason));
  }

  /** One link, from dialling to its end. */
  private final class Contact implements Link.Listener {
    private @Nullable Link link;
    private boolean open;
    private boolean over;
    private long heardNanos = System.nanoTime();
    private long timer = -1;
    private boolean refused;
    private String refusal = "";

    void greet(Link to) {
      if (this != contact) {
        to.close();
        return;
      }
      link = to;
      heardNanos = System.nanoTime();
      timer = vertx.setTimer(GREETING_MILLIS, late -> end("the gateway did not answer Hello"));
      to.send(hello.apply(resume));
    }

    void dialFailed(Throwable failure) {
      if (this != contact) {
        return;
      }
      contact = null;
      if (failure instanceof DialRefused) {
        giveUp(String.valueOf(failure.getMessage()));
      } else {
        dialLater(String.valueOf(failure.getMessage()));
      }
    }

    @Override
    public void received(Frame frame) {
      if (over || this != contact) {
        return;
      }
      heardNanos = System.nanoTime();
      switch (frame) {
        case Frame.Welcome welcome when !open -> welcome(welcome);
        case Frame.Bye bye -> {
          refused = !bye.retry();
          refusal = bye.reason();
          end("the gateway said: " + bye.reason());
        }
        case Frame.Heartbeat heartbeat -> {}
        default -> events.received(frame);
      }
    }

    private void welcome(Frame.Welcome welcome) {
      vertx.cancelTimer(timer);
      open = true;
      resume = Optional.of(welcome.resume());
      pauseMillis = FIRST_PAUSE_MILLIS;
      welcome.credential().ifPresent(dialer::credential);
      long period = Math.max(1, welcome.heartbeatMillis());
      timer = vertx.setPeriodic(period, beat -> beat(period));
      events.opened(welcome);
      firstOpened.tryComplete();
    }

    private void beat(long periodMillis) {
      if (System.nanoTime() - heardNanos > MISSED * periodMillis * 1_000_000) {
        end("the gateway has been silent for " + MISSED * periodMillis + " ms");
      } else {
        send(new Frame.Heartbeat(System.currentTimeMillis()));
        events.beat();
      }
    }

    @Override
    public void closed(String reason) {
      end(reason);
    }

    void end(String reason) {
      if (over) {
        return;
      }
      over = true;
      vertx.cancelTimer(timer);
      if (link != null) {
        if (closed && open) {
          link.send(new Frame.Bye(reason, false));
        }
        link.close();
      }
      if (this == contact) {
        contact = null;
        if (open) {
          events.lost();
        }
        if (refused) {
          giveUp(refusal);
        } else if (!closed) {
          dialLater(reason);
        }
      }
    }
  }
}
