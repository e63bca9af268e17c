package dev.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.wire.ResultKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A burst that somebody else began, or this program in an earlier life: the results that the
 * platform keeps of it, then those to come. A thread reads them, so many ahead.
 */
final class AttachedFeed implements BurstFeed {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int READ_AHEAD = 1_000;
  private static final int SERVER_ERROR = 500;

  private final Connection connection;
  private final String id;
  private final BlockingQueue<Read> read = new ArrayBlockingQueue<>(READ_AHEAD);
  private volatile InputStream body;
  private volatile boolean closed;
  private volatile long dropped;
  private volatile long total = -1;
  private long count;
  private long missing;
  private IOException broken = new IOException("the results broke off");
  private boolean over;

  /** What the thread read: a result, or the end. */
  private record Read(@Nullable RawResult result, @Nullable RuntimeException end) {}

  private AttachedFeed(Connection connection, String id, InputStream body) {
    this.connection = connection;
    this.id = id;
    this.body = body;
  }

  static <R> Burst<R> attach(Connection connection, String id, Reading<R> reading) {
    Names.checkBurst(id);
    var feed = new AttachedFeed(connection, id, open(connection, id, 0));
    var reader = new Thread(feed::readAll, "fanfare-burst-" + id);
    reader.setDaemon(true);
    connection.closesWith(feed);
    reader.start();
    return new Burst<>(connection, feed, reading);
  }

  private static InputStream open(Connection connection, String id, long from) {
    String path = "/v1/bursts/" + id + "/results?follow=true&from=" + from;
    return connection.stream(connection.request(path).GET().build());
  }

  private void readAll() {
    try {
      while (!readOn()) {
        reopen();
      }
      total = count;
      read.put(new Read(null, null));
    } catch (InterruptedException e) {
      end(Interrupted.restoringFlag(e));
    } catch (RuntimeException e) {
      end(e);
    }
  }

  /** Reads until all results are here; false if the connection broke before. */
  private boolean readOn() throws InterruptedException {
    try (var lines = new BufferedReader(new InputStreamReader(body, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode json = JSON.readTree(line);
        if (json.has("dropped")) {
          missing += json.path("dropped").asLong();
          dropped = missing;
        } else {
          read.put(new Read(result(json), null));
          count++;
        }
      }
      return true;
    } catch (IOException e) {
      broken = e;
      return false;
    }
  }

  /** Goes on at the next gateway that answers, or at the same once it is back. */
  private void reopen() {
    long end = System.nanoTime() + SocketFeed.LONGEST_AWAY.toNanos();
    var pauses = new Pauses();
    connection.leave(connection.gateway());
    while (true) {
      if (closed) {
        throw connection.unreachable(broken);
      }
      try {
        body = open(connection, id, count + missing);
        return;
      } catch (Unreachable | Refused e) {
        boolean passes = !(e instanceof Refused refused) || refused.status() >= SERVER_ERROR;
        long left = end - System.nanoTime();
        if (!passes || left <= 0) {
          throw e;
        }
        connection.leave(connection.gateway());
        pauses.pause(left);
      }
    }
  }

  private void end(RuntimeException why) {
    try {
      read.put(new Read(null, why));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RawResult result(JsonNode line) {
    long index = line.path("index").asLong();
    if (line.has("error")) {
      return new RawResult(index, ResultKind.FAILED, line.get("error").toString().getBytes(UTF_8));
    }
    if (line.has("link")) {
      return new RawResult(index, ResultKind.ELSEWHERE, line.toString().getBytes(UTF_8));
    }
    if (line.path("encoding").asText().equals("base64")) {
      byte[] bytes = Base64.getDecoder().decode(line.path("result").asText());
      return new RawResult(index, ResultKind.BYTES, bytes);
    }
    return new RawResult(index, ResultKind.JSON, line.path("result").toString().getBytes(UTF_8));
  }

  // ---- BurstFeed ----

  @Override
  public String id() {
    return id;
  }

  @Override
  public @Nullable List<RawResult> take(@Nullable Duration longest) {
    if (over) {
      return List.of();
    }
    try {
      Read first =
          longest == null ? read.take() : read.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
      if (first == null) {
        return null;
      }
      var results = new ArrayList<RawResult>();
      for (Read next = first; next != null; next = read.poll()) {
        if (next.end() != null) {
          throw next.end();
        }
        if (next.result() == null) {
          over = true;
          connection.forget(this);
          break;
        }
        results.add(next.result());
      }
      return results;
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    }
  }

  @Override
  public long total() {
    return total;
  }

  @Override
  public long dropped() {
    return dropped;
  }

  @Override
  public void cancel(String reason) {
    Answers.plain(connection.send(connection.request("/v1/bursts/" + id).DELETE().build()));
  }

  @Override
  public void close() {
    closed = true;
    connection.forget(this);
    try {
      body.close();
    } catch (IOException e) {
      // It is closed either way.
    }
  }
}
