package dev.fanfare.burst;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.burst.Progress.Percentiles;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Progress as JSON. */
public final class BurstJson {
  private BurstJson() {}

  /** The document of {@code GET /v1/bursts/{id}}. */
  public static ObjectNode document(Progress progress) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", progress.id());
    json.put("function", progress.function());
    json.put("revision", progress.revision());
    json.put("state", progress.state().name());
    if (progress.cancelled()) {
      json.put("cancelled", true);
    }
    json.put("submitted", progress.submitted());
    json.put("queued", progress.queued());
    json.put("running", progress.running());
    json.put("succeeded", progress.succeeded());
    json.put("failed", progress.failed());
    json.put("cancelledItems", progress.cancelledItems());
    json.put("rate", rounded(progress.perSecond()));
    json.put("startedAt", time(progress.beganAt()));
    if (progress.endedAt() != 0) {
      json.put("endedAt", time(progress.endedAt()));
    }
    long until = progress.endedAt() == 0 ? progress.now() : progress.endedAt();
    json.put("elapsedSeconds", (until - progress.beganAt()) / 1e6);
    json.set("queue", percentiles(progress.queue()));
    json.set("run", percentiles(progress.run()));
    json.set("total", percentiles(progress.total()));
    json.put("invocations", progress.invocations());
    json.put("rerun", progress.rerun());
    json.put("chunk", progress.chunk());
    json.putObject("results").put("kept", progress.kept()).put("dropped", progress.dropped());
    progress.why().ifPresent(why -> json.put("why", why));
    String self = "/v1/bursts/" + progress.id();
    json.putObject("links")
        .put("self", self)
        .put("results", self + "/results")
        .put("timeline", self + "/timeline.svg")
        .put("trace", self + "/trace.json");
    return json;
  }

  private static ObjectNode percentiles(Percentiles micros) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("p50", micros.p50() / 1e6);
    json.put("p95", micros.p95() / 1e6);
    json.put("p99", micros.p99() / 1e6);
    return json;
  }

  private static String time(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }

  private static double rounded(double perSecond) {
    return Math.round(perSecond * 10) / 10.0;
  }
}
