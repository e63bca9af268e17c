package dev.fanfare.process;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.MalformedFrame;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Frames on a socket, each after its length in 4 bytes, big-endian. Only on the socket's context.
 */
final class FrameStream implements Handler<Buffer> {
  /** The largest frame that a runtime may send. */
  static final int MOST_BYTES = 64 << 20;

  private static final int KEPT_BYTES = 64 * 1024;

  private final NetSocket socket;
  private final Consumer<Frame> frames;
  private final Consumer<String> broken;
  private byte[] pending = new byte[4 * 1024];
  private int filled;

  FrameStream(NetSocket socket, Consumer<Frame> frames, Consumer<String> broken) {
    this.socket = socket;
    this.frames = frames;
    this.broken = broken;
  }

  void send(Frame frame) {
    byte[] bytes = FrameCodec.cbor(frame);
    socket.write(Buffer.buffer(4 + bytes.length).appendInt(bytes.length).appendBytes(bytes));
  }

  @Override
  public void handle(Buffer buffer) {
    int count = buffer.length();
    if (filled + count > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(filled + count, pending.length * 2));
    }
    buffer.getBytes(0, count, pending, filled);
    filled += count;
    try {
      int used = readAll();
      System.arraycopy(pending, used, pending, 0, filled - used);
      filled -= used;
      if (filled == 0 && pending.length > KEPT_BYTES) {
        pending = new byte[KEPT_BYTES];
      }
    } catch (MalformedFrame e) {
      filled = 0;
      broken.accept(String.valueOf(e.getMessage()));
    }
  }

  private int readAll() {
    int offset = 0;
    while (filled - offset >= 4) {
      int length = length(offset);
      if (length < 1 || length > MOST_BYTES) {
        filled = offset;
        broken.accept("a frame of " + length + " bytes is not taken");
        return offset;
      }
      if (filled - offset - 4 < length) {
        return offset;
      }
      Frame frame = FrameCodec.readCbor(pending, offset + 4, length);
      offset += 4 + length;
      frames.accept(frame);
    }
    return offset;
  }

  private int length(int offset) {
    return (pending[offset] & 0xFF) << 24
        | (pending[offset + 1] & 0xFF) << 16
        | (pending[offset + 2] & 0xFF) << 8
        | pending[offset + 3] & 0xFF;
  }
}
