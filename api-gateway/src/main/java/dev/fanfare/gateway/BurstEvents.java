package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.burst.AllBursts;
import dev.fanfare.protocol.TenantId;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * A burst's progress as server-sent events: {@code progress} four times a second while something
 * changes, {@code ended} at the end.
 */
final class BurstEvents {
  private static final long PAUSE_MILLIS = 250;
  private static final int QUIET_ROUNDS = 40;

  private final Platform platform;
  private final AllBursts bursts;
  private final HttpServerResponse response;
  private final TenantId tenant;
  private final String id;
  private String last = "";
  private int quiet;
  private boolean over;

  BurstEvents(
      Platform platform,
      AllBursts bursts,
      HttpServerResponse response,
      TenantId tenant,
      String id) {
    this.platform = platform;
    this.bursts = bursts;
    this.response = response;
    this.tenant = tenant;
    this.id = id;
  }

  void start() {
    response.closeHandler(gone -> over = true);
    response.exceptionHandler(broken -> over = true);
    response.writeHead();
    look();
  }

  private void look() {
    bursts
        .progress(tenant, id)
        .onComplete(
            found ->
                platform.onContext(
                    () -> tell(found.succeeded() ? found.result() : Optional.empty())));
  }

  private void tell(Optional<ObjectNode> found) {
    if (over) {
      return;
    }
    if (found.isEmpty()) {
      over = true;
      response.end();
      return;
    }
    ObjectNode progress = found.get();
    boolean ended = progress.path("state").asText().equals("ENDED");
    if (!response.writeQueueFull()) {
      write(progress, ended);
    }
    if (ended) {
      over = true;
      response.end();
    } else {
      platform.vertx().setTimer(PAUSE_MILLIS, again -> look());
    }
  }

  private void write(ObjectNode progress, boolean ended) {
    String what =
        progress.path("submitted") + " " + progress.path("running") + " " + progress.path("queued");
    if (!what.equals(last) || ended) {
      last = what;
      quiet = 0;
      String kind = ended ? "ended" : "progress";
      response.write("event: " + kind + "\ndata: " + progress + "\n\n");
    } else if (++quiet >= QUIET_ROUNDS) {
      quiet = 0;
      response.write(": still here\n\n");
    }
  }
}
