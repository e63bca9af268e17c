package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.frame.LogLine;
import dev.fanfare.ledger.LogHistory;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.TenantId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an invocation's log lines in their order, a page at a time, no faster than the caller
 * reads. When it follows, it goes on until the invocation has ended and its last lines have had
 * time to arrive.
 */
final class LogStream {
  private static final Logger LOG = LoggerFactory.getLogger(LogStream.class);
  private static final int PAGE = 500;
  private static final long PAUSE_MILLIS = 200;

  /** Rounds without a line after the end; lines travel apart from outcomes and may come later. */
  private static final int ROUNDS_AFTER_END = 2;

  private final Platform platform;
  private final HttpServerResponse response;
  private final TenantId tenant;
  private final InvocationId id;
  private final boolean follow;
  private final LogHistory logs;

  private long fence;
  private int sequence;
  private int roundsAfterEnd;
  private boolean over;

  LogStream(
      Platform platform,
      HttpServerResponse response,
      TenantId tenant,
      InvocationId id,
      boolean follow) {
    this.platform = platform;
    this.response = response;
    this.tenant = tenant;
    this.id = id;
    this.follow = follow;
    this.logs = platform.node().logs();
  }

  void start() {
    response.closeHandler(gone -> over = true);
    response.writeHead();
    look();
  }

  private void look() {
    if (over) {
      return;
    }
    if (!follow) {
      page(true);
      return;
    }
    platform
        .dispatcher()
        .find(tenant, id)
        .onComplete(
            found -> {
              boolean ended =
                  found.failed() || found.result().map(i -> i.state().terminal()).orElse(true);
              platform.onContext(() -> page(ended));
            });
  }

  private void page(boolean ended) {
    long afterFence = fence;
    int afterSequence = sequence;
    platform
        .disk()
        .execute(
            () -> {
              try {
                List<LogLine> lines = logs.read(id, afterFence, afterSequence, PAGE);
                platform.context().runOnContext(back -> write(lines, ended));
              } catch (RuntimeException e) {
                LOG.warn("cannot read the logs of {}", id, e);
                platform.context().runOnContext(back -> response.reset());
              }
            });
  }

  private void write(List<LogLine> lines, boolean ended) {
    if (over) {
      return;
    }
    if (!lines.isEmpty()) {
      Buffer text = Buffer.buffer();
      lines.forEach(line -> text.appendBytes(JsonText.bytes(json(line))).appendByte((byte) '\n'));
      response.write(text);
      fence = lines.getLast().fence();
      sequence = lines.getLast().sequence();
      roundsAfterEnd = 0;
    }
    if (lines.size() == PAGE) {
      whenRoom(() -> page(ended));
    } else if (!follow || ended && ++roundsAfterEnd > ROUNDS_AFTER_END) {
      over = true;
      response.end();
    } else {
      platform.vertx().setTimer(PAUSE_MILLIS, again -> whenRoom(this::look));
    }
  }

  private void whenRoom(Runnable next) {
    if (response.writeQueueFull()) {
      response.drainHandler(room -> next.run());
    } else {
      next.run();
    }
  }

  private static ObjectNode json(LogLine line) {
    ObjectNode json = JsonText.object();
    json.put("time", JsonText.time(line.epochMicros()));
    json.put("fence", line.fence());
    json.put("sequence", line.sequence());
    json.put("source", line.source());
    json.put("level", line.level());
    json.put("text", line.text());
    return json;
  }
}
