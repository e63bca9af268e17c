package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.wire.MessageKind;
import dev.fanfare.wire.MessageReader;
import dev.fanfare.wire.MessageWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A burst's connection to one gateway, until that breaks; what comes goes into the {@link Transit}.
 * Thread-safe.
 */
final class BurstLink implements Incoming.Heard {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(15);

  /** A gateway pings more often than that. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(35);

  private final Connection connection;
  private final Transit transit;
  private final CompletableFuture<String> began = new CompletableFuture<>();
  private volatile URI gateway;
  private volatile @Nullable WebSocket socket;
  private volatile @Nullable Outgoing outgoing;
  private volatile String id = "unknown";
  private volatile @Nullable String lost;
  private volatile long heardAt = System.nanoTime();

  private BurstLink(Connection connection, Transit transit) {
    this.connection = connection;
    this.transit = transit;
    this.gateway = connection.gateway();
  }

  /**
   * Begins a burst at the first gateway that answers.
   *
   * @throws Refused if it does not take it
   * @throws Unreachable if none answers
   */
  static BurstLink open(Connection connection, String path, CallOptions options, Transit transit) {
    var link = new BurstLink(connection, transit);
    link.gateway = connection.open(path, options, "", new Incoming(link));
    link.awaitBeginning();
    return link;
  }

  private void awaitBeginning() {
    try {
      id = began.get(LONGEST_BEGINNING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      abort();
      throw Interrupted.restoringFlag(e);
    } catch (TimeoutException e) {
      abort();
      throw connection.unreachable(gateway, new IOException("the burst did not begin", e));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof FanfareException known
          ? known
          : connection.unreachable(gateway, e);
    }
  }

  String id() {
    return id;
  }

  URI gateway() {
    return gateway;
  }

  /** Whether nothing comes over it any more. */
  boolean lost() {
    return lost != null;
  }

  /** That it broke, and why. */
  RuntimeException broken() {
    return connection.unreachable(gateway, new IOException("burst " + id + " broke off: " + lost));
  }

  // ---- sending ----

  void send(MessageWriter message) {
    Outgoing out = outgoing;
    if (out != null) {
      out.message(message);
    }
  }

  /** An item; waits while there is much to be sent. Does nothing once the link is lost. */
  void item(long index, byte[] bytes) throws InterruptedException {
    Outgoing out = outgoing;
    if (out != null) {
      out.item(index, bytes);
    }
  }

  /** Waits until all was sent, and closes. */
  void closeWhenSent() {
    Outgoing out = outgoing;
    WebSocket open = socket;
    if (out != null && open != null) {
      out.awaitIdle();
      var unused = open.sendClose(WebSocket.NORMAL_CLOSURE, "");
    }
  }

  void close() {
    WebSocket open = socket;
    if (open != null) {
      var unused =
          open.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((sent, failed) -> open.abort());
    }
  }

  private void abort() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
  }

  // ---- hearing ----

  /**
   * To be called every few seconds: gives up a gateway that has been silent, and lets it know that
   * we are here while we do not read.
   *
   * @param reading whether what comes is read at present
   */
  void tend(boolean reading) {
    WebSocket open = socket;
    if (open == null || lost()) {
      return;
    }
    if (!reading) {
      heardAt = System.nanoTime();
      var unused = open.sendPong(ByteBuffer.allocate(0));
    } else if (System.nanoTime() - heardAt > LONGEST_SILENCE.toNanos()) {
      closed("the gateway has been silent");
      abort();
    }
  }

  /** Lets one more message come. */
  void request() {
    heardAt = System.nanoTime();
    WebSocket open = socket;
    if (open != null) {
      open.request(1);
    }
  }

  @Override
  public void opened(WebSocket opened) {
    socket = opened;
    outgoing = new Outgoing(opened);
  }

  @Override
  public void heard() {
    heardAt = System.nanoTime();
  }

  @Override
  public void message(MessageKind kind, MessageReader message) {
    boolean more = true;
    switch (kind) {
      case BEGAN -> began(json(message));
      case RESULTS -> more = transit.arrived(ResultsReader.read(message));
      case WINDOW -> transit.window((int) message.number(), message.number());
      case ENDED -> transit.ended();
      case PROBLEM -> refused(json(message));
      case KEPT -> transit.kept(message.number(), message.number() == 1);
      case PREFIX, ITEMS, END, CANCEL ->
          throw new IllegalArgumentException("a platform does not send " + kind);
    }
    if (more) {
      request();
    }
  }

  private void began(JsonNode json) {
    transit.window(
        json.path("window").path("items").asInt(), json.path("window").path("bytes").asLong());
    began.complete(json.path("id").asText());
  }

  private void refused(JsonNode problem) {
    String code = problem.path("code").asText("refused");
    String detail = problem.path("detail").asText(code);
    var refusal = new Refused(problem.path("status").asInt(400), code, detail, null);
    began.completeExceptionally(refusal);
    transit.fail(refusal);
  }

  @Override
  public void closed(String why) {
    lost = why;
    began.completeExceptionally(broken());
    Outgoing out = outgoing;
    if (out != null) {
      out.broke();
    }
    transit.wake();
  }

  private static JsonNode json(MessageReader message) {
    try {
      return JSON.readTree(message.rest());
    } catch (IOException e) {
      throw new IllegalArgumentException("a message is no JSON", e);
    }
  }
}
