package dev.fanfare.gateway;

import dev.fanfare.burst.AllBursts;
import dev.fanfare.burst.Bursts;
import dev.fanfare.protocol.TenantId;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * Writes the results that the gateway keeps of a burst, a page at a time, no faster than they are
 * read; following, until the burst has ended. Where results are missing, a line says how many:
 * {@code {"dropped":n}}.
 */
final class BurstResults {
  private static final int PAGE = 1_000;
  private static final long PAUSE_MILLIS = 50;

  private final Platform platform;
  private final AllBursts bursts;
  private final HttpConnection connection;
  private final HttpServerResponse response;
  private final TenantId tenant;
  private final String id;
  private final boolean follow;
  private boolean over;

  BurstResults(
      Platform platform,
      AllBursts bursts,
      HttpServerRequest request,
      TenantId tenant,
      String id,
      boolean follow) {
    this.platform = platform;
    this.bursts = bursts;
    this.connection = request.connection();
    this.response = request.response();
    this.tenant = tenant;
    this.id = id;
    this.follow = follow;
  }

  void start(long from) {
    response.closeHandler(gone -> over = true);
    response.exceptionHandler(broken -> over = true);
    response.writeHead();
    look(from);
  }

  private void look(long place) {
    bursts
        .results(tenant, id, place, PAGE)
        .onComplete(
            found ->
                platform.onContext(
                    () -> write(found.succeeded() ? found.result() : Optional.empty())));
  }

  private void write(Optional<Bursts.Page> found) {
    if (over) {
      return;
    }
    if (found.isEmpty()) {
      over = true;
      connection.close(); // an answer that ends in order says that these are all results
      return;
    }
    Bursts.Page page = found.get();
    if (page.skipped() > 0) {
      response.write("{\"dropped\":" + page.skipped() + "}\n");
    }
    if (page.lines().length() > 0) {
      response.write(page.lines());
      whenRoom(() -> look(page.next()));
    } else if (page.last() || !follow) {
      end();
    } else {
      platform.vertx().setTimer(PAUSE_MILLIS, again -> look(page.next()));
    }
  }

  private void whenRoom(Runnable next) {
    if (response.writeQueueFull()) {
      response.drainHandler(room -> next.run());
    } else {
      next.run();
    }
  }

  private void end() {
    over = true;
    response.end();
  }
}
