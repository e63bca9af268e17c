package dev.fanfare.pipe;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Messages over a pair of byte streams: each is its length in 4 bytes, its kind in one, the number
 * of its link in 4, then its content. Sends from any thread; the listener is called on its
 * executor.
 */
final class PipeStream {
  /** The longest message; that of a session's frame. */
  private static final int MOST_BYTES = 16 << 20;

  /** With more than this waiting to be written, it is congested. */
  private static final long CONGESTED_BYTES = 1 << 20;

  /** Messages read that the listener may not have dealt with yet. */
  private static final int MOST_UNREAD = 64;

  private static final int HEADER_BYTES = 5;

  private final OutputStream out;
  private final Executor thread;
  private final Listener listener;
  private final BlockingQueue<Message> outbox = new LinkedBlockingQueue<>();
  private final AtomicLong waiting = new AtomicLong();
  private final Semaphore unread = new Semaphore(MOST_UNREAD);
  private final AtomicBoolean over = new AtomicBoolean();
  private volatile Runnable last = () -> {};

  /** What an end hears, in order. */
  interface Listener {
    /** A message; {@code dealt} is to be run once more may come. */
    void received(Message message, Runnable dealt);

    /** What was sent has gone out, after {@link #congested}. */
    void drained();

    /** Nothing more comes. */
    void closed(String reason);
  }

  /** One message. */
  record Message(Kind kind, int link, byte[] content) {
    String text() {
      return new String(content, StandardCharsets.UTF_8);
    }

    static Message of(Kind kind, int link, String text) {
      return new Message(kind, link, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private PipeStream(OutputStream out, Executor thread, Listener listener) {
    this.out = out;
    this.thread = thread;
    this.listener = listener;
  }

  /** Reads and writes on threads of its own. */
  static PipeStream start(InputStream in, OutputStream out, Executor thread, Listener listener) {
    var pipe = new PipeStream(out, thread, listener);
    Thread.ofPlatform().daemon().name("pipe-in").start(() -> pipe.read(in));
    Thread.ofPlatform().daemon().name("pipe-out").start(pipe::write);
    return pipe;
  }

  void send(Message message) {
    if (!over.get()) {
      waiting.addAndGet(message.content().length);
      outbox.add(message);
    }
  }

  /** Runs it once all that was sent is written; nothing is after that. */
  void finish(Runnable done) {
    last = done;
    outbox.add(Message.of(Kind.END, 0, ""));
  }

  boolean congested() {
    return waiting.get() > CONGESTED_BYTES;
  }

  private void read(InputStream in) {
    try (var data = new DataInputStream(new BufferedInputStream(in, 1 << 16))) {
      while (true) {
        Message message = next(data);
        unread.acquire();
        thread.execute(() -> listener.received(message, unread::release));
      }
    } catch (EOFException e) {
      end("the other end is gone");
    } catch (IOException e) {
      end("the pipe broke: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end("it was interrupted");
    }
  }

  private Message next(DataInputStream data) throws IOException {
    int length = data.readInt();
    if (length < HEADER_BYTES || length > MOST_BYTES + HEADER_BYTES) {
      throw new IOException("something else than messages came");
    }
    Kind kind = Kind.of(data.readUnsignedByte());
    int link = data.readInt();
    return new Message(kind, link, data.readNBytes(length - HEADER_BYTES));
  }

  private void write() {
    try (var data = new DataOutputStream(new BufferedOutputStream(out, 1 << 16))) {
      while (!over.get()) {
        Message message = outbox.poll();
        if (message == null) {
          data.flush();
          message = outbox.take();
        }
        if (message.kind() == Kind.END) {
          data.flush();
          last.run();
          return;
        }
        data.writeInt(message.content().length + HEADER_BYTES);
        data.writeByte(message.kind().code);
        data.writeInt(message.link());
        data.write(message.content());
        sent(message);
      }
    } catch (IOException e) {
      end("the pipe broke: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      end("it was interrupted");
    }
  }

  private void sent(Message message) {
    int length = message.content().length;
    long left = waiting.addAndGet(-length);
    if (left <= CONGESTED_BYTES / 2 && left + length > CONGESTED_BYTES / 2) {
      thread.execute(listener::drained);
    }
  }

  private void end(String reason) {
    if (over.compareAndSet(false, true)) {
      thread.execute(() -> listener.closed(reason));
    }
  }
}
