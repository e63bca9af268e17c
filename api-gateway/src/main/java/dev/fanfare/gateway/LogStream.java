package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.LogTail;
import dev.fanfare.session.SessionServer;
import dev.fanfare.sharing.SharedLogs;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an invocation's log lines in their order, a page at a time, no faster than the caller
 * reads. When it follows, it goes on until the invocation has ended and its last lines have had
 * time to arrive; it is told of news, and looks now and then in case it was not.
 */
final class LogStream {
  private static final Logger LOG = LoggerFactory.getLogger(LogStream.class);
  private static final int PAGE = 500;

  /** How often a follower looks by itself: lines may come over another gateway. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Lines travel apart from outcomes; those that come so much later are still shown. */
  private static final long LATE_MILLIS = 200;

  private final Platform platform;
  private final HttpServerResponse response;
  private final TenantId tenant;
  private final InvocationId id;
  private final SharedLogs logs;
  private @Nullable LogTail tail;
  private @Nullable SessionServer sessions;

  private long fence;
  private int sequence;
  private boolean following;
  private boolean reading;
  private boolean news;
  private boolean over;

  LogStream(Platform platform, HttpServerResponse response, TenantId tenant, InvocationId id) {
    this.platform = platform;
    this.response = response;
    this.tenant = tenant;
    this.id = id;
    this.logs = platform.node().sharedLogs();
  }

  /** Writes what there is. */
  void start() {
    response.closeHandler(gone -> close());
    response.writeHead();
    read();
  }

  /** Writes what there is and what comes. */
  void follow(SessionServer from) {
    following = true;
    sessions = from;
    tail = from.follow(id, () -> platform.onContext(this::read));
    start();
    awaitEnd();
  }

  private void awaitEnd() {
    platform
        .dispatcher()
        .await(tenant, id, LOOK)
        .onComplete(
            found -> {
              boolean ended =
                  found.failed() || found.result().map(i -> i.state().terminal()).orElse(true);
              platform.onContext(() -> looked(ended));
            });
  }

  private void looked(boolean ended) {
    if (over) {
      return;
    }
    read();
    if (ended) {
      platform.vertx().setTimer(LATE_MILLIS, late -> whenKept());
    } else {
      awaitEnd();
    }
  }

  private void whenKept() {
    if (sessions != null) {
      sessions.whenLinesKept(() -> platform.onContext(this::readToEnd));
    }
  }

  private void readToEnd() {
    following = false;
    read();
  }

  private void read() {
    if (reading || over) {
      news = true;
      return;
    }
    reading = true;
    news = false;
    long afterFence = fence;
    int afterSequence = sequence;
    platform
        .disk()
        .execute(
            () -> {
              try {
                List<LogLine> lines = logs.read(id, afterFence, afterSequence, PAGE);
                platform.context().runOnContext(back -> write(lines));
              } catch (RuntimeException e) {
                LOG.warn("cannot read the logs of {}", id, e);
                platform.context().runOnContext(back -> breakOff());
              }
            });
  }

  private void write(List<LogLine> lines) {
    if (over) {
      return;
    }
    if (!lines.isEmpty()) {
      Buffer text = Buffer.buffer();
      lines.forEach(line -> text.appendBytes(JsonText.bytes(json(line))).appendByte((byte) '\n'));
      response.write(text);
      fence = lines.getLast().fence();
      sequence = lines.getLast().sequence();
    }
    whenRoom(() -> written(lines.size() == PAGE));
  }

  private void written(boolean more) {
    if (over) {
      return;
    }
    reading = false;
    if (more || news) {
      read();
    } else if (!following) {
      close();
      response.end();
    }
  }

  private void whenRoom(Runnable next) {
    if (response.writeQueueFull()) {
      response.drainHandler(room -> next.run());
    } else {
      next.run();
    }
  }

  private void breakOff() {
    close();
    response.reset();
  }

  private void close() {
    over = true;
    if (tail != null) {
      tail.close();
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
