package dev.fanfare.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;

/** Blocks that came, as a stream. Who adds waits while too much is unread. Thread-safe. */
final class BlockStream extends InputStream {
  private static final int MOST_BYTES = 1 << 20;

  private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
  private long unread;
  private boolean ended;

  private static final class Piece {
    final byte[] bytes;
    int at;

    Piece(byte[] bytes, int at) {
      this.bytes = bytes;
      this.at = at;
    }
  }

  /** Adds the bytes from an index on. */
  synchronized void add(byte[] bytes, int from) {
    try {
      while (unread > MOST_BYTES && !ended) {
        wait();
      }
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    }
    if (!ended && bytes.length > from) {
      pieces.add(new Piece(bytes, from));
      unread += bytes.length - from;
      notifyAll();
    }
  }

  /** No more comes. */
  synchronized void end() {
    ended = true;
    notifyAll();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public synchronized int read(byte[] to, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, to.length);
    if (length == 0) {
      return 0;
    }
    while (pieces.isEmpty() && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while reading a command's output");
      }
    }
    Piece piece = pieces.peek();
    if (piece == null) {
      return -1;
    }
    int some = Math.min(length, piece.bytes.length - piece.at);
    System.arraycopy(piece.bytes, piece.at, to, offset, some);
    piece.at += some;
    unread -= some;
    if (piece.at == piece.bytes.length) {
      pieces.remove();
    }
    notifyAll();
    return some;
  }

  @Override
  public synchronized int available() {
    return (int) Math.min(Integer.MAX_VALUE, unread);
  }
}
