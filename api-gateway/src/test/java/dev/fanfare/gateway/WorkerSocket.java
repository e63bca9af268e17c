package dev.fanfare.gateway;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.Link;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.nio.charset.StandardCharsets;

/** A worker's end of a session over a WebSocket. */
final class WorkerSocket implements Link {
  private final Link.Listener listener;
  private final boolean json;
  private volatile WebSocket socket;

  WorkerSocket(Link.Listener listener, boolean json) {
    this.listener = listener;
    this.json = json;
  }

  void open(WebSocket opened) {
    socket = opened;
    opened.binaryMessageHandler(
        message -> listener.received(FrameCodec.readCbor(message.getBytes(), 0, message.length())));
    opened.textMessageHandler(
        message ->
            listener.received(FrameCodec.readJson(message.getBytes(StandardCharsets.UTF_8))));
    opened.closeHandler(closed -> listener.closed("closed"));
  }

  @Override
  public void send(Frame frame) {
    if (json) {
      socket.writeTextMessage(new String(FrameCodec.json(frame), StandardCharsets.UTF_8));
    } else {
      socket.writeBinaryMessage(Buffer.buffer(FrameCodec.cbor(frame)));
    }
  }

  @Override
  public boolean congested() {
    return socket.writeQueueFull();
  }

  @Override
  public void close() {
    socket.close();
  }

  @Override
  public String peer() {
    return "gateway";
  }
}
