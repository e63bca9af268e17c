package dev.fanfare.gateway;

import dev.fanfare.burst.BurstJson;
import dev.fanfare.burst.Bursts;
import dev.fanfare.burst.Progress;
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
  private final Bursts bursts;
  private final HttpServerResponse response;
  private final TenantId tenant;
  private final String id;
  private String last = "";
  private int quiet;
  private boolean over;

  BurstEvents(
      Platform platform, Bursts bursts, HttpServerResponse response, TenantId tenant, String id) {
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

  private void tell(Optional<Progress> found) {
    if (over) {
      return;
    }
    if (found.isEmpty()) {
      over = true;
      response.end();
      return;
    }
    Progress progress = found.get();
    boolean ended = progress.state() == Progress.State.ENDED;
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

  private void write(Progress progress, boolean ended) {
    String what = progress.submitted() + " " + progress.running() + " " + progress.queued();
    if (!what.equals(last) || ended) {
      last = what;
      quiet = 0;
      String kind = ended ? "ended" : "progress";
      response.write("event: " + kind + "\ndata: " + BurstJson.document(progress) + "\n\n");
    } else if (++quiet >= QUIET_ROUNDS) {
      quiet = 0;
      response.write(": still here\n\n");
    }
  }
}
