package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.wire.MessageKind;
import dev.fanfare.wire.MessageReader;
import dev.fanfare.wire.MessageWriter;
import java.io.IOException;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A burst of this program's own, over a WebSocket: a thread takes items from their source and sends
 * them while there is room, results come into a {@link Transit}. Thread-safe.
 */
final class SocketFeed implements BurstFeed, Incoming.Heard {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(15);
  private static final Duration AWAIT_SENT_LOOK = Duration.ofMillis(20);

  private final Connection connection;
  private final Items<?> items;
  private final Transit transit;
  private final boolean awaited;
  private final CompletableFuture<String> began = new CompletableFuture<>();
  private volatile @Nullable WebSocket socket;
  private volatile @Nullable Outgoing outgoing;
  private volatile @Nullable String cancelled;
  private volatile String id = "unknown";

  private SocketFeed(Connection connection, Items<?> items, int mostInFlight, boolean awaited) {
    this.connection = connection;
    this.awaited = awaited;
    this.items = items;
    this.transit = new Transit(mostInFlight, items.total());
  }

  /**
   * Begins a burst and starts to send.
   *
   * @param query of {@code /v1/burst-session}, without the question mark
   * @param awaited whether {@link #awaitSent} will be called
   * @throws Refused if the platform does not take it
   * @throws Unreachable if it does not answer
   */
  static SocketFeed start(
      Connection connection, Items<?> items, BurstOptions options, String query, boolean awaited) {
    var feed = new SocketFeed(connection, items, options.mostInFlight(), awaited);
    String path = "/v1/burst-session?" + query;
    connection.open(path, options.call(), new Incoming(feed));
    feed.awaitBeginning();
    var sender = new Thread(feed::send, "fanfare-burst-" + feed.id);
    sender.setDaemon(true);
    connection.closesWith(feed);
    sender.start();
    return feed;
  }

  private void awaitBeginning() {
    try {
      id = began.get(LONGEST_BEGINNING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      abort();
      throw Interrupted.restoringFlag(e);
    } catch (TimeoutException e) {
      abort();
      throw connection.unreachable(new IOException("the burst did not begin", e));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof FanfareException known ? known : connection.unreachable(e);
    }
  }

  // ---- items ----

  private void send() {
    Outgoing out = java.util.Objects.requireNonNull(outgoing);
    try {
      if (items.prefix() != null) {
        out.message(new MessageWriter().begin(MessageKind.PREFIX).rest(items.prefix()));
      }
      sendItems(items, out);
    } catch (InterruptedException e) {
      cancel("the thread that sends was interrupted");
    } catch (RuntimeException | Error e) {
      // What the source threw is thrown to whoever takes results.
      transit.fail(e);
      tellCancel("the items' source failed");
    }
  }

  private <T extends @Nullable Object> void sendItems(Items<T> from, Outgoing out)
      throws InterruptedException {
    var source = from.source();
    for (long index = 0; transit.awaitRoom() && source.hasNext(); index++) {
      byte[] bytes = written(from, index, source.next());
      if (bytes != null && transit.depart(index, bytes.length)) {
        out.item(index, bytes);
      }
    }
    long sent = transit.allDeparted();
    out.message(new MessageWriter().begin(MessageKind.END).number(sent));
  }

  /** The item's bytes; null if it has none, which then is its failure. */
  private <T extends @Nullable Object> byte @Nullable [] written(
      Items<T> from, long index, T item) {
    try {
      return from.writing().apply(item);
    } catch (RuntimeException e) {
      if (awaited) {
        throw e;
      }
      if (transit.depart(index, 0)) {
        transit.arrived(List.of(FailedItem.unsent(index, e)));
      }
      return null;
    }
  }

  // ---- results ----

  @Override
  public void opened(WebSocket opened) {
    socket = opened;
    outgoing = new Outgoing(opened);
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
      case PREFIX, ITEMS, END, CANCEL ->
          throw new IllegalArgumentException("a platform does not send " + kind);
    }
    if (more) {
      request();
    }
  }

  private void request() {
    WebSocket open = socket;
    if (open != null) {
      open.request(1);
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
    var lost = connection.unreachable(new IOException("burst " + id + " broke off: " + why));
    began.completeExceptionally(lost);
    transit.fail(lost);
    Outgoing out = outgoing;
    if (out != null) {
      out.broke();
    }
  }

  private static JsonNode json(MessageReader message) {
    try {
      return JSON.readTree(message.rest());
    } catch (IOException e) {
      throw new IllegalArgumentException("a message is no JSON", e);
    }
  }

  /**
   * Waits until every item is with the platform; results are thrown away. An item that cannot be
   * written is thrown.
   */
  void awaitSent() {
    while (!transit.departed()) {
      take(AWAIT_SENT_LOOK);
    }
    Outgoing out = java.util.Objects.requireNonNull(outgoing);
    WebSocket open = java.util.Objects.requireNonNull(socket);
    out.awaitIdle();
    connection.forget(this);
    var unused = open.sendClose(WebSocket.NORMAL_CLOSURE, "");
  }

  // ---- BurstFeed ----

  @Override
  public String id() {
    return id;
  }

  @Override
  public @Nullable List<RawResult> take(@Nullable Duration longest) {
    List<RawResult> taken = transit.take(longest);
    if (transit.wantsMore()) {
      request();
    }
    if (taken != null && taken.isEmpty()) {
      connection.forget(this);
    }
    return taken;
  }

  @Override
  public long total() {
    return transit.total();
  }

  @Override
  public long dropped() {
    return 0;
  }

  @Override
  public void cancel(String reason) {
    if (!transit.over()) {
      tellCancel(reason);
    }
  }

  private void tellCancel(String reason) {
    Outgoing out = outgoing;
    if (cancelled == null && out != null) {
      cancelled = reason;
      transit.stopSending();
      out.message(new MessageWriter().begin(MessageKind.CANCEL).rest(reason));
    }
  }

  @Override
  public void close() {
    connection.forget(this);
    cancel("the client went away");
    transit.fail(Interrupted.closed(new IOException("burst " + id + " was closed")));
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
}
