package dev.fanfare.worker;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.MalformedFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;

/** The worker's end of a WebSocket. */
final class WebSocketLink implements Link {
  private static final short MALFORMED = 1007;

  private final WebSocket socket;
  private final Listener listener;
  private final String peer;
  private boolean over;

  WebSocketLink(WebSocket socket, Listener listener, String peer) {
    this.socket = socket;
    this.listener = listener;
    this.peer = peer;
    socket.binaryMessageHandler(this::received);
    socket.drainHandler(drained -> listener.drained());
    socket.exceptionHandler(failure -> closed(String.valueOf(failure.getMessage())));
    socket.closeHandler(
        closed -> {
          String reason = socket.closeReason();
          closed(reason == null || reason.isEmpty() ? "the connection was closed" : reason);
        });
  }

  @Override
  public void send(Frame frame) {
    if (!socket.isClosed()) {
      socket.writeBinaryMessage(Buffer.buffer(FrameCodec.cbor(frame)));
    }
  }

  @Override
  public boolean congested() {
    return !socket.isClosed() && socket.writeQueueFull();
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public String peer() {
    return peer;
  }

  private void received(Buffer message) {
    byte[] bytes = message.getBytes();
    try {
      listener.received(FrameCodec.readCbor(bytes, 0, bytes.length));
    } catch (MalformedFrame e) {
      socket.close(MALFORMED, String.valueOf(e.getMessage()));
    }
  }

  private void closed(String reason) {
    if (!over) {
      over = true;
      listener.closed(reason);
    }
  }
}
