package dev.fanfare.runtime;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.MalformedFrame;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Frames over a Unix-domain socket, each after its length in 4 bytes. Sending blocks while the
 * worker does not read. One thread may read; any may send.
 */
final class SocketLink implements Link, Closeable {
  /** The largest frame that is read. */
  static final int MOST_BYTES = 64 << 20;

  private static final int BUFFER_BYTES = 64 * 1024;

  private final SocketChannel channel;
  private final ByteBuffer incoming = ByteBuffer.allocateDirect(BUFFER_BYTES).limit(0);
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private byte[] frame = new byte[4 * 1024];

  SocketLink(Path socket, byte[] token) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(socket));
    channel.write(ByteBuffer.wrap(token));
  }

  /**
   * Waits for the next frame.
   *
   * @throws IOException if the worker is gone
   */
  Frame read() throws IOException {
    need(4);
    int length = incoming.getInt();
    if (length < 1 || length > MOST_BYTES) {
      throw new IOException("a frame of " + length + " bytes is not taken");
    }
    if (frame.length < length) {
      frame = new byte[length];
    }
    int taken = 0;
    while (taken < length) {
      need(1);
      int some = Math.min(incoming.remaining(), length - taken);
      incoming.get(frame, taken, some);
      taken += some;
    }
    try {
      return FrameCodec.readCbor(frame, 0, length);
    } catch (MalformedFrame e) {
      throw new IOException(e);
    } finally {
      if (frame.length > BUFFER_BYTES) {
        frame = new byte[BUFFER_BYTES];
      }
    }
  }

  private void need(int bytes) throws IOException {
    while (incoming.remaining() < bytes) {
      incoming.compact();
      int count = channel.read(incoming);
      incoming.flip();
      if (count < 0) {
        throw new EOFException("the worker closed the socket");
      }
    }
  }

  @Override
  public void send(Frame frame) {
    byte[] bytes = FrameCodec.cbor(frame);
    synchronized (outgoing) {
      try {
        outgoing.clear();
        outgoing.putInt(bytes.length);
        int sent = 0;
        do {
          int some = Math.min(outgoing.remaining(), bytes.length - sent);
          outgoing.put(bytes, sent, some);
          sent += some;
          outgoing.flip();
          while (outgoing.hasRemaining()) {
            channel.write(outgoing);
          }
          outgoing.clear();
        } while (sent < bytes.length);
      } catch (IOException e) {
        // Whoever reads learns it too, and ends the process.
        close();
      }
    }
  }

  @Override
  public boolean congested() {
    return false;
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // it is gone either way
    }
  }

  @Override
  public String peer() {
    return "worker";
  }
}
