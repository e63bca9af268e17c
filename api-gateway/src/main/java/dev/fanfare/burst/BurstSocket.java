package dev.fanfare.burst;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.wire.MalformedMessage;
import dev.fanfare.wire.MessageKind;
import dev.fanfare.wire.MessageReader;
import dev.fanfare.wire.MessageWriter;
import dev.fanfare.wire.ResultKind;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A burst over a WebSocket, in the messages of {@link dev.fanfare.wire}: many items in each, many
 * results in each. An item takes up a place in the window until its result was sent. All but the
 * socket's own callbacks on the dispatcher's context.
 */
final class BurstSocket implements Peer {
  /** The largest item, in bytes. */
  static final int LARGEST_ITEM = 8 << 20;

  /** The largest result that travels here; a larger one is told by its link. */
  static final int LARGEST_RESULT = 8 << 20;

  private static final int WRITE_BYTES = 64 * 1024;
  private static final int WRITE_QUEUE_BYTES = 512 * 1024;
  private static final long PING_MILLIS = 10_000;
  private static final int MOST_MISSED = 3;
  private static final short PROTOCOL_ERROR = 1002;
  private static final short SERVICE_RESTART = 1012;

  private final ServerWebSocket socket;
  private final Context context;
  private final Dispatcher dispatcher;
  private final String contentType;
  private final boolean wantsResults;
  private final MessageWriter results = new MessageWriter();
  private Burst burst;
  private boolean writing;
  private int toldWindow;
  private boolean over;
  private boolean begun;
  private int missed;

  @SuppressWarnings("NullAway") // the burst is there once it is started, before anything else
  BurstSocket(
      ServerWebSocket socket,
      Context context,
      Dispatcher dispatcher,
      String contentType,
      boolean wantsResults) {
    this.socket = socket;
    this.context = context;
    this.dispatcher = dispatcher;
    this.contentType = contentType;
    this.wantsResults = wantsResults;
  }

  /** Starts to speak; only on the connection's context, before it reads. */
  void start(Burst started) {
    listen(started);
    dispatcher.run(burst.durable() ? burst::begin : this::begin);
  }

  /** The same for a client that is back. */
  void startAgain(Burst known) {
    listen(known);
    dispatcher.run(() -> burst.resume(this));
  }

  private void listen(Burst started) {
    burst = started;
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    socket.binaryMessageHandler(
        message -> {
          missed = 0;
          received(message.getBytes());
        });
    socket.textMessageHandler(text -> refuse("bad-message", "binary messages are expected"));
    socket.exceptionHandler(broken -> socket.close());
    socket.drainHandler(room -> dispatcher.run(burst::drained));
    long pings = context.owner().setPeriodic(PING_MILLIS, ping -> ping());
    socket.pongHandler(pong -> missed = 0);
    socket.closeHandler(
        closed -> {
          context.owner().cancelTimer(pings);
          dispatcher.run(this::gone);
        });
  }

  private void begin() {
    begun = true;
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", burst.id());
    json.put("function", burst.work().target().function().value());
    json.put("revision", burst.work().target().revision().toString());
    toldWindow = burst.durable() ? Window.MOST_ITEMS : burst.execution().window().size();
    long bytes = burst.durable() ? Journal.MOST_UNWRITTEN : burst.execution().window().mostBytes();
    json.putObject("window").put("items", toldWindow).put("bytes", bytes);
    json.put("largestItem", LARGEST_ITEM);
    send(new MessageWriter().begin(MessageKind.BEGAN).rest(json.toString()));
  }

  private void ping() {
    if (++missed > MOST_MISSED) {
      socket.close();
    } else {
      socket.writePing(Buffer.buffer());
    }
  }

  private void gone() {
    if (!over) {
      over = true;
      burst.peerGone();
    }
  }

  // ---- what comes ----

  private void received(byte[] bytes) {
    dispatcher.run(
        () -> {
          try {
            read(new MessageReader(bytes));
          } catch (MalformedMessage e) {
            refuse("bad-message", String.valueOf(e.getMessage()));
          }
        });
  }

  private void read(MessageReader message) {
    if (over) {
      return;
    }
    switch (message.kind()) {
      case PREFIX -> prefix(message.rest());
      case ITEMS -> items(message);
      case END -> burst.endInput();
      case CANCEL -> {
        burst.cancel(message.text());
        burst.endInput();
      }
      case BEGAN, RESULTS, WINDOW, ENDED, PROBLEM, KEPT ->
          throw new MalformedMessage("a client does not send " + message.kind());
    }
  }

  private void prefix(byte[] prefix) {
    if (prefix.length > Chunker.MOST_PREFIX) {
      refuse(
          "too-large",
          "what goes before each item is at most " + ByteSizes.format(Chunker.MOST_PREFIX));
    } else if (burst.nextIndex() > 0) {
      if (burst.durable()) {
        return; // it was kept before the connection broke
      }
      throw new MalformedMessage("the prefix comes before the first item");
    } else {
      burst.prefix(prefix);
    }
  }

  private void items(MessageReader message) {
    if (burst.inputEnded()) {
      throw new MalformedMessage("an item comes after the end");
    }
    long index = message.number();
    if (burst.durable() && index > burst.nextIndex()) {
      throw new MalformedMessage("items are missing before number " + index);
    }
    while (message.hasMore()) {
      byte[] item = message.entry();
      if (item.length > LARGEST_ITEM) {
        refuse("too-large", "an item is at most " + ByteSizes.format(LARGEST_ITEM));
        return;
      }
      burst.take(index++, 0, new Payload.Inline(contentType, item));
    }
    if (burst.durable()) {
      return;
    }
    boolean tooMany = burst.execution().window().items() > Window.MOST_ITEMS;
    if (tooMany || burst.execution().window().bytes() > 4 * Window.BYTES) {
      refuse("window-exceeded", "more items came than the window has room for");
    }
  }

  /** The client broke the rules: told why, then cut off. */
  private void refuse(String code, String detail) {
    if (over) {
      return;
    }
    ObjectNode problem = JsonNodeFactory.instance.objectNode();
    problem.put("status", 400).put("code", code).put("detail", detail);
    problem.put("burst", burst.id());
    send(new MessageWriter().begin(MessageKind.PROBLEM).rest(problem.toString()));
    over = true;
    burst.peerGone();
    onConnection(() -> socket.close(PROTOCOL_ERROR, code));
  }

  // ---- Peer ----

  /** Its client waits for no results, only for its items' being kept. */
  private boolean leaves() {
    return burst.durable() && !wantsResults;
  }

  @Override
  public void kept(long items, boolean all) {
    if (over) {
      return;
    }
    if (!begun) {
      begin();
    }
    if (leaves()) {
      send(new MessageWriter().begin(MessageKind.KEPT).number(items).number(all ? 1 : 0));
    }
  }

  @Override
  public boolean comesBack() {
    return leaves();
  }

  @Override
  public boolean full() {
    return !leaves() && !socket.isClosed() && writeQueueFull();
  }

  private boolean writeQueueFull() {
    try {
      return socket.writeQueueFull();
    } catch (IllegalStateException e) {
      // It was closed meanwhile, on its own thread: that comes here too.
      return false;
    }
  }

  @Override
  public long largestResult() {
    return wantsResults ? LARGEST_RESULT : 0;
  }

  @Override
  public void deliver(Ended ended) {
    if (over || leaves()) {
      return;
    }
    if (!writing) {
      writing = true;
      results.begin(MessageKind.RESULTS);
    }
    write(ended);
    if (results.length() >= WRITE_BYTES) {
      flush();
    }
  }

  private void write(Ended ended) {
    switch (ended.outcome()) {
      case Outcome.Success(Payload result) when !wantsResults ->
          results.result(ended.index(), ResultKind.DONE, new byte[0]);
      case Outcome.Success(Payload.Inline result) ->
          results.result(ended.index(), kind(result.contentType()), result.bytes());
      case Outcome.Success(Payload.Blob result) ->
          results.result(ended.index(), ResultKind.ELSEWHERE, elsewhere(ended, result));
      case Outcome.Failure failure ->
          results.result(ended.index(), ResultKind.FAILED, ResultLines.error(ended));
      case Outcome.Cancelled cancelled ->
          results.result(ended.index(), ResultKind.FAILED, ResultLines.error(ended));
    }
  }

  private static ResultKind kind(String contentType) {
    String type = contentType.toLowerCase(Locale.ROOT);
    if (ResultLines.isJson(type)) {
      return ResultKind.JSON;
    }
    return type.startsWith("text/") ? ResultKind.TEXT : ResultKind.BYTES;
  }

  private static byte[] elsewhere(Ended ended, Payload.Blob result) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", String.valueOf(ended.id()));
    json.put("contentType", result.contentType()).put("bytes", result.size());
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void flush() {
    if (over) {
      return;
    }
    if (writing) {
      writing = false;
      send(results);
    }
    int window = burst.execution().window().size();
    if (!burst.durable() && Math.abs(window - toldWindow) > toldWindow / 4) {
      toldWindow = window;
      send(
          new MessageWriter()
              .begin(MessageKind.WINDOW)
              .number(window)
              .number(burst.execution().window().mostBytes()));
    }
    if (full()) {
      onConnection(this::awaitRoom);
    }
  }

  /** It may have drained on its own thread before anybody waited for that. */
  private void awaitRoom() {
    if (!full()) {
      dispatcher.run(burst::drained);
    }
  }

  @Override
  public void roomGrew() {}

  /** Our client begins again at another gateway, or here once we are back. */
  @Override
  public boolean sentElsewhere() {
    flush();
    over = true;
    onConnection(() -> socket.close(SERVICE_RESTART, "the gateway stops"));
    return true;
  }

  @Override
  public void ended() {
    flush();
    if (!over) {
      over = true;
      String progress = BurstJson.document(Progress.of(burst)).toString();
      send(new MessageWriter().begin(MessageKind.ENDED).rest(progress));
      onConnection(() -> socket.close());
    }
  }

  private void send(MessageWriter message) {
    Buffer bytes = Buffer.buffer(message.copy());
    onConnection(
        () -> {
          if (!socket.isClosed()) {
            socket.writeBinaryMessage(bytes);
          }
        });
  }

  private void onConnection(Runnable work) {
    if (context.equals(Vertx.currentContext())) {
      work.run();
    } else {
      context.runOnContext(hop -> work.run());
    }
  }
}
