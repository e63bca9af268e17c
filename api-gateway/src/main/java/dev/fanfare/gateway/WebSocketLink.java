package dev.fanfare.gateway;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.MalformedFrame;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.nio.charset.StandardCharsets;

/**
 * The gateway's end of a session over a WebSocket: CBOR in binary messages, or JSON in text
 * messages when the peer asked for {@link #JSON}. May be sent to from any thread; the listener
 * hears everything on one event loop.
 */
final class WebSocketLink implements Link {
  static final String CBOR = "fanfare.v1.cbor";
  static final String JSON = "fanfare.v1.json";

  /** The largest message taken; a peer that sends a larger one is disconnected. */
  static final int MESSAGE_BYTES = 16 << 20;

  private static final short PROTOCOL_ERROR = 1002;
  private static final short WRONG_KIND = 1003;
  private static final int WRITE_QUEUE_BYTES = 1 << 20;

  private final WebSocket socket;
  private final Context context;
  private final boolean json;

  private WebSocketLink(WebSocket socket, Context context) {
    this.socket = socket;
    this.context = context;
    this.json = JSON.equals(socket.subProtocol());
  }

  /** Whoever makes the listener for a new link. */
  interface Acceptor {
    Link.Listener accept(Link link);
  }

  /** Starts to speak over a socket that was just opened; call it on the context. */
  static void open(WebSocket socket, Context context, Acceptor acceptor) {
    var link = new WebSocketLink(socket, context);
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    Link.Listener listener = acceptor.accept(link);
    socket.binaryMessageHandler(message -> link.received(message, false, listener));
    socket.textMessageHandler(
        message ->
            link.received(Buffer.buffer(message.getBytes(StandardCharsets.UTF_8)), true, listener));
    socket.drainHandler(room -> listener.drained());
    socket.exceptionHandler(broken -> socket.close());
    socket.closeHandler(closed -> listener.closed(link.reason()));
  }

  @Override
  public void send(Frame frame) {
    byte[] bytes = json ? FrameCodec.json(frame) : FrameCodec.cbor(frame);
    if (bytes.length > MESSAGE_BYTES
        && frame instanceof Frame.Leases leases
        && leases.leases().size() > 1) {
      sendInHalves(leases);
    } else {
      onContext(() -> write(bytes));
    }
  }

  /** A worker with much room may be sent more at once than one message holds. */
  private void sendInHalves(Frame.Leases all) {
    int half = all.leases().size() / 2;
    int warm = Math.min(all.warm(), half);
    int guests = Math.min(all.guests(), all.leases().size() - half);
    send(new Frame.Leases(all.leases().subList(0, half), warm, all.guests() - guests));
    send(
        new Frame.Leases(
            all.leases().subList(half, all.leases().size()), all.warm() - warm, guests));
  }

  @Override
  public boolean congested() {
    return socket.writeQueueFull();
  }

  @Override
  public void close() {
    onContext(socket::close);
  }

  @Override
  public String peer() {
    return String.valueOf(socket.remoteAddress());
  }

  private void write(byte[] bytes) {
    if (socket.isClosed()) {
      return;
    }
    if (json) {
      socket.writeTextMessage(new String(bytes, StandardCharsets.UTF_8));
    } else {
      socket.writeBinaryMessage(Buffer.buffer(bytes));
    }
  }

  private void received(Buffer message, boolean text, Link.Listener listener) {
    if (socket.isClosed()) {
      return;
    }
    if (text != json) {
      socket.close(
          WRONG_KIND, text ? "binary messages are expected" : "text messages are expected");
      return;
    }
    Frame frame;
    try {
      byte[] bytes = message.getBytes();
      frame = json ? FrameCodec.readJson(bytes) : FrameCodec.readCbor(bytes, 0, bytes.length);
    } catch (MalformedFrame e) {
      send(new Frame.Bye(String.valueOf(e.getMessage()), false));
      onContext(() -> socket.close(PROTOCOL_ERROR, "malformed frame"));
      return;
    }
    listener.received(frame);
  }

  private String reason() {
    String told = socket.closeReason();
    return told != null && !told.isEmpty() ? told : "connection closed";
  }

  private void onContext(Runnable work) {
    if (context.equals(Vertx.currentContext())) {
      work.run();
    } else {
      context.runOnContext(hop -> work.run());
    }
  }
}
