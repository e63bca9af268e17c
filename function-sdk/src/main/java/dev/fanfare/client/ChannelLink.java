package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.channel.Carrier;
import dev.fanfare.channel.Conversation;
import dev.fanfare.channel.EventKind;
import dev.fanfare.channel.EventReader;
import dev.fanfare.channel.EventWriter;
import dev.fanfare.channel.RemoteFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one invocation's channels: binary messages are events, the last message, in
 * text, tells how the invocation ended. The socket tells one thing at a time. Thread-safe.
 */
final class ChannelLink implements WebSocket.Listener {
  static final String PROTOCOL = "fanfare.channel.v1";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST_BEGINNING = Duration.ofSeconds(15);
  private static final int PIECE_BYTES = 256 * 1024;
  private static final int LARGEST_MESSAGE = 16 << 20;

  private final Connection connection;
  private final Conversation conversation;
  private final CompletableFuture<String> began = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final StringBuilder text = new StringBuilder();
  private volatile @Nullable WebSocket socket;
  private volatile @Nullable Carrier carrier;

  private ChannelLink(Connection connection, ObjectMapper json, Executor callbacks) {
    this.connection = connection;
    this.conversation = new Conversation(Conversation.Side.CLIENT, this::ready, json, callbacks);
  }

  /**
   * Opens a channel with a function.
   *
   * @throws Refused if the platform does not take it
   * @throws Unreachable if it does not answer
   */
  static ChannelLink open(
      Connection connection,
      ObjectMapper json,
      Executor callbacks,
      String function,
      byte[] argument,
      CallOptions options) {
    var link = new ChannelLink(connection, json, callbacks);
    connection.open("/function/" + function, options, PROTOCOL, link);
    link.begin(argument);
    return link;
  }

  Conversation conversation() {
    return conversation;
  }

  String invocation() {
    return began.getNow("unknown");
  }

  boolean awaitEnd(Duration longest) {
    try {
      ended.get(longest.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FanfareException known) {
        throw known;
      }
      throw connection.unreachable(e);
    }
  }

  void cancel() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
    over(RemoteFault.of("cancelled", "cancelled here"), new IOException("cancelled here"));
  }

  // ---- sending ----

  private void begin(byte[] argument) {
    send(new EventWriter().add(EventKind.OPEN, 0, argument).take());
    carrier = Carrier.start("fanfare-channel", this::carry);
    connection.closesWith(this);
    try {
      began.get(LONGEST_BEGINNING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      cancel();
      throw Interrupted.restoringFlag(e);
    } catch (TimeoutException e) {
      cancel();
      throw connection.unreachable(new IOException("the channel did not begin", e));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof FanfareException known ? known : connection.unreachable(e);
    }
  }

  private void ready(boolean now) {
    Carrier to = carrier;
    if (to != null) {
      to.ready(now);
    }
  }

  private void carry() {
    for (byte[] events = conversation.take(); events != null; events = conversation.take()) {
      send(events);
    }
  }

  /** Blocks while the socket takes it; on the carrier's thread, which nobody interrupts. */
  private void send(byte[] message) {
    WebSocket open = socket;
    if (open == null || ended.isDone()) {
      return;
    }
    try {
      for (int at = 0; at < message.length || at == 0; at += PIECE_BYTES) {
        int count = Math.min(PIECE_BYTES, message.length - at);
        boolean last = at + count == message.length;
        open.sendBinary(ByteBuffer.wrap(message, at, count), last).join();
      }
    } catch (RuntimeException e) {
      lost(String.valueOf(e.getMessage()));
    }
  }

  // ---- hearing ----

  @Override
  public void onOpen(WebSocket opened) {
    socket = opened;
    opened.request(2);
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    from.request(1);
    if (bytes.size() + data.remaining() > LARGEST_MESSAGE) {
      broken(from, "a message of more than " + LARGEST_MESSAGE + " bytes came");
      return null;
    }
    byte[] piece = new byte[data.remaining()];
    data.get(piece);
    if (!last || bytes.size() > 0) {
      bytes.write(piece, 0, piece.length);
    }
    if (last) {
      byte[] message = bytes.size() > 0 ? bytes.toByteArray() : piece;
      bytes.reset();
      heard(from, message);
    }
    return null;
  }

  private void heard(WebSocket from, byte[] events) {
    try {
      if (!began.isDone()) {
        var first = new EventReader(events);
        if (first.next() && first.kind() == EventKind.OPEN) {
          began.complete(JSON.readTree(first.content()).path("invocation").asText());
        }
      }
      conversation.received(events);
    } catch (RuntimeException | IOException e) {
      broken(from, "the platform sent what cannot be read: " + e.getMessage());
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    from.request(1);
    if (text.length() + data.length() <= LARGEST_MESSAGE) {
      text.append(data);
    }
    if (last) {
      outcome(text.toString());
    }
    return null;
  }

  private void outcome(String told) {
    JsonNode json;
    try {
      json = JSON.readTree(told);
    } catch (IOException e) {
      lost("the platform sent what is no JSON");
      return;
    }
    int status = json.path("status").asInt();
    if (status == 200) {
      conversation.otherSideEnded("the invocation has ended");
      finish(null);
      return;
    }
    String code = json.path("code").asText("failed");
    JsonNode error = json.path("error");
    String message = error.path("message").asText(json.path("detail").asText(code));
    String type = error.path("type").asText(code);
    String stack = error.path("stack").asText("");
    FanfareException thrown =
        json.path("invocation").isTextual()
            ? new FunctionFailed(
                new FunctionFailed.Failure(
                    code, type, message, stack, status, invocation(), null, 0))
            : new Refused(status, code, message, null);
    over(new RemoteFault(code, type, message, stack), thrown);
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    lost(reason.isEmpty() ? "the connection was closed" : reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    String message = error.getMessage();
    lost(message == null ? error.getClass().getSimpleName() : message);
  }

  private void broken(WebSocket from, String why) {
    lost(why);
    from.abort();
  }

  private void lost(String why) {
    over(
        RemoteFault.of("connection-lost", "the connection to the platform was lost: " + why),
        new IOException(why));
  }

  /** The first reason counts. */
  private void over(RemoteFault fault, Exception thrown) {
    conversation.otherSideFailed(fault);
    finish(thrown);
  }

  private void finish(@Nullable Exception thrown) {
    if (thrown == null) {
      ended.complete(null);
    } else {
      ended.completeExceptionally(thrown);
      began.completeExceptionally(thrown);
    }
    connection.forget(this);
    Carrier open = carrier;
    if (open != null) {
      open.close();
    }
  }
}
