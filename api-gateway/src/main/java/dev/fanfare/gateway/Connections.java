package dev.fanfare.gateway;

import dev.fanfare.metrics.HttpMeters;
import io.netty.channel.Channel;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The open connections of one event loop, and their bounds: how many there are, how long one may
 * take to send headers or do nothing, and how slowly a body may come. A connection whose request is
 * being served is never idle, however long that takes.
 */
final class Connections {
  private final ConnectionLimits limits;
  private final AtomicInteger open;
  private final InstantSource clock;
  private final HttpMeters meters;
  private final IdentityHashMap<HttpConnection, Served> connections = new IdentityHashMap<>();

  /** What is known of one connection. */
  private static final class Served {
    long quietSince;
    boolean used;
    boolean patient;
    int requests;
    long requestSince;
    long waiting;
    long given;
    long standsSince;
    @Nullable HttpServerRequest latest;
  }

  /** The count of open connections is shared by all event loops. */
  Connections(ConnectionLimits limits, AtomicInteger open, InstantSource clock, HttpMeters meters) {
    this.limits = limits;
    this.open = open;
    this.clock = clock;
    this.meters = meters;
  }

  /** A client connected; one too many is closed at once. */
  void opened(HttpConnection connection) {
    var served = new Served();
    served.quietSince = clock.millis();
    connections.put(connection, served);
    onClose(
        connection,
        () -> {
          connections.remove(connection);
          open.decrementAndGet();
        });
    if (open.incrementAndGet() > limits.most()) {
      connection.close();
    }
  }

  /** Also of one that has become a WebSocket: its own handler does not hear of that any more. */
  private static void onClose(HttpConnection connection, Runnable closed) {
    if (connection instanceof ConnectionBase known) {
      var _ = known.channelHandlerContext().channel().closeFuture().addListener(x -> closed.run());
    } else {
      connection.closeHandler(done -> closed.run());
    }
  }

  /** A request's headers are here. */
  void began(HttpServerRequest request) {
    Served served = connections.get(request.connection());
    if (served == null) {
      return;
    }
    served.requests++;
    served.used = true;
    served.latest = request;
    served.requestSince = clock.millis();
    request.response().endHandler(end -> ended(served, request.response().getStatusCode()));
  }

  /**
   * The body of this request may come, and its answer be read, as slowly as the other side likes:
   * each is made to wait for the other, and nothing is held in memory meanwhile.
   */
  void patient(HttpServerRequest request) {
    Served served = connections.get(request.connection());
    if (served != null) {
      served.patient = true;
    }
  }

  /** Closes what has been quiet or slow for too long. */
  void look() {
    long now = clock.millis();
    var quiet = new ArrayList<HttpConnection>();
    connections.forEach(
        (connection, served) -> {
          boolean late =
              served.requests == 0
                  ? idle(served, now)
                  : !served.patient && (slow(served, now) || stalled(connection, served, now));
          if (late) {
            quiet.add(connection);
          }
        });
    quiet.forEach(Connections::cut);
  }

  /**
   * Closes at once. Closing the usual way waits until all that was written is read, maybe never.
   */
  static void cut(HttpConnection connection) {
    if (connection instanceof ConnectionBase known) {
      var _ = known.channelHandlerContext().close();
    } else {
      connection.close();
    }
  }

  int count() {
    return open.get();
  }

  private void ended(Served served, int status) {
    meters.answered(status);
    served.requests--;
    served.quietSince = clock.millis();
    if (served.requests == 0) {
      served.latest = null;
      served.patient = false;
    }
  }

  private boolean idle(Served served, long now) {
    var bound = served.used ? limits.idle() : limits.header();
    return now - served.quietSince > bound.toMillis();
  }

  /** Whether bytes wait that the reader does not take. */
  private boolean stalled(HttpConnection connection, Served served, long now) {
    long waiting = waiting(connection);
    long given = served.latest == null ? 0 : served.latest.response().bytesWritten();
    if (waiting == 0 || waiting != served.waiting || given != served.given) {
      served.waiting = waiting;
      served.given = given;
      served.standsSince = now;
    }
    return now - served.standsSince > limits.stall().toMillis();
  }

  /** How many bytes are written and have not left. */
  private static long waiting(HttpConnection connection) {
    if (!(connection instanceof ConnectionBase known)) {
      return 0;
    }
    Channel channel = known.channelHandlerContext().channel();
    return channel.isWritable()
        ? channel.config().getWriteBufferHighWaterMark() + 1 - channel.bytesBeforeUnwritable()
        : channel.config().getWriteBufferLowWaterMark() - 1 + channel.bytesBeforeWritable();
  }

  private boolean slow(Served served, long now) {
    HttpServerRequest request = served.latest;
    long millis = now - served.requestSince;
    return request != null
        && millis > limits.body().toMillis()
        && !request.isEnded()
        && request.bytesRead() < millis * ConnectionLimits.LEAST_BYTES_PER_SECOND / 1_000;
  }
}
