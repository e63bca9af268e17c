package dev.fanfare.execution;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A pseudo-terminal: what a command writes to it is read here, what is written here the command
 * reads. Linux. Thread-safe.
 */
final class Terminal implements AutoCloseable {
  private static final int PIECE = 16 * 1024;
  private static final long LONGEST_WAIT_SECONDS = 2;

  private final int master;
  private final File file;
  private final ReentrantReadWriteLock using = new ReentrantReadWriteLock();
  private boolean closed;

  private Terminal(int master, File file) {
    this.master = master;
    this.file = file;
  }

  static Terminal open(Screen screen) throws IOException {
    int master = LibC.openTerminal();
    LibC.resize(master, screen);
    return new Terminal(master, new File(LibC.terminalName(master)));
  }

  /** What the command has as standard input, output and error. */
  File file() {
    return file;
  }

  void resize(Screen screen) {
    using.readLock().lock();
    try {
      if (!closed) {
        LibC.resize(master, screen);
      }
    } finally {
      using.readLock().unlock();
    }
  }

  /** Ends once nobody has the command's side open any more. */
  InputStream reading() {
    return new InputStream() {
      private final byte[] one = new byte[1];

      @Override
      public int read() throws IOException {
        int count = read(one, 0, 1);
        return count < 0 ? count : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] to, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (length == 0) {
          return 0;
        }
        using.readLock().lock();
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment buffer = arena.allocate(Math.min(length, PIECE));
          int count = closed ? 0 : LibC.read(master, buffer);
          if (count <= 0) {
            return -1;
          }
          MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, 0, to, offset, count);
          return count;
        } finally {
          using.readLock().unlock();
        }
      }
    };
  }

  /** Closing it sends the character that ends the input of a terminal. */
  OutputStream writing() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        using.readLock().lock();
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment buffer = arena.allocate(Math.max(1, length));
          MemorySegment.copy(from, offset, buffer, ValueLayout.JAVA_BYTE, 0, length);
          for (int written = 0; written < length; ) {
            int count = closed ? -1 : LibC.write(master, buffer.asSlice(written, length - written));
            if (count < 1) {
              throw new IOException("the terminal is closed");
            }
            written += count;
          }
        } finally {
          using.readLock().unlock();
        }
      }

      @Override
      public void close() throws IOException {
        write(4);
      }
    };
  }

  /**
   * Waits for a reader and a writer that are at it, which end with the command. One that does not
   * keeps the terminal open.
   */
  @Override
  public void close() {
    try {
      if (!using.writeLock().tryLock(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    try {
      if (!closed) {
        closed = true;
        LibC.close(master);
      }
    } finally {
      using.writeLock().unlock();
    }
  }
}
