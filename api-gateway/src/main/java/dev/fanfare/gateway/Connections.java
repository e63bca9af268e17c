package dev.fanfare.gateway;

import dev.fanfare.metrics.HttpMeters;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
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
  /** How long a body may take before its rate counts. */
  static final long BODY_GRACE_MILLIS = 30_000;

  /** The least rate of a body after that, on average. */
  static final long LEAST_BYTES_PER_SECOND = 1_024;

  private final GatewayConfiguration configuration;
  private final AtomicInteger open;
  private final InstantSource clock;
  private final HttpMeters meters;
  private final IdentityHashMap<HttpConnection, Served> connections = new IdentityHashMap<>();

  /** How long an answer may stand still because its reader does not read. */
  static final long STALL_MILLIS = 60_000;

  /** What is known of one connection. */
  private static final class Served {
    long quietSince;
    boolean used;
    boolean patient;
    int requests;
    long requestSince;
    long written;
    long writtenSince;
    @Nullable HttpServerRequest latest;
  }

  /** The count of open connections is shared by all event loops. */
  Connections(
      GatewayConfiguration configuration,
      AtomicInteger open,
      InstantSource clock,
      HttpMeters meters) {
    this.configuration = configuration;
    this.open = open;
    this.clock = clock;
    this.meters = meters;
  }

  /** A client connected; one too many is closed at once. */
  void opened(HttpConnection connection) {
    var served = new Served();
    served.quietSince = clock.millis();
    connections.put(connection, served);
    connection.closeHandler(
        closed -> {
          connections.remove(connection);
          open.decrementAndGet();
        });
    if (open.incrementAndGet() > configuration.connectionLimit()) {
      connection.close();
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
          if (served.requests == 0
              ? idle(served, now)
              : !served.patient && (slow(served, now) || stalled(served, now))) {
            quiet.add(connection);
          }
        });
    quiet.forEach(HttpConnection::close);
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
    var bound = served.used ? configuration.idleTimeout() : configuration.headerTimeout();
    return now - served.quietSince > bound.toMillis();
  }

  private static boolean stalled(Served served, long now) {
    HttpServerRequest request = served.latest;
    if (request == null || request.response().ended() || !request.response().writeQueueFull()) {
      served.writtenSince = now;
      return false;
    }
    long written = request.response().bytesWritten();
    if (written != served.written) {
      served.written = written;
      served.writtenSince = now;
    }
    return now - served.writtenSince > STALL_MILLIS;
  }

  private static boolean slow(Served served, long now) {
    HttpServerRequest request = served.latest;
    long millis = now - served.requestSince;
    return request != null
        && millis > BODY_GRACE_MILLIS
        && !request.isEnded()
        && request.bytesRead() < millis * LEAST_BYTES_PER_SECOND / 1_000;
  }
}
