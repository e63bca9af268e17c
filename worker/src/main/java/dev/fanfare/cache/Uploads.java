package dev.fanfare.cache;

import dev.fanfare.frame.Frame;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends large results up, one after the other, with at most eight pieces under way. What a broken
 * session interrupted begins again in the next one. Only on the agent's context.
 */
public final class Uploads {
  private static final int MOST_PIECES = 8;

  private final Context context;
  private final Consumer<Frame> gateway;
  private final ArrayDeque<Upload> waiting = new ArrayDeque<>();
  private @Nullable Upload current;

  /** Sends to {@code gateway}. */
  public Uploads(Context context, Consumer<Frame> gateway) {
    this.context = context;
    this.gateway = gateway;
  }

  /**
   * Succeeds once the gateway has all of it; fails with {@link MissingBlob} if it will not take it.
   */
  public Future<Void> send(Payload.Blob blob, Path file) {
    var upload = new Upload(blob, file);
    waiting.add(upload);
    next();
    return upload.promise.future();
  }

  /** Pieces arrived. */
  public void uploaded(Frame.Uploaded uploaded) {
    if (current != null && current.blob.hash().equals(uploaded.hash())) {
      current.kept(uploaded.offset());
    }
  }

  /** The gateway does not take it. */
  public void refused(Sha256 hash) {
    if (current != null && current.blob.hash().equals(hash)) {
      current.end(MissingBlob.unknown("room for the result " + hash.brief()));
    }
  }

  /** A new session: what was under way begins again. */
  public void resume() {
    if (current != null) {
      current.restart();
    }
  }

  private void next() {
    if (current == null) {
      current = waiting.poll();
      if (current != null) {
        current.push();
      }
    }
  }

  private final class Upload {
    private final Payload.Blob blob;
    private final Path file;
    private final Promise<Void> promise = Promise.promise();
    private long sent;
    private long kept;
    private int round;
    private boolean reading;

    Upload(Payload.Blob blob, Path file) {
      this.blob = blob;
      this.file = file;
    }

    void push() {
      if (!reading && sent < blob.size() && sent - kept < (long) MOST_PIECES * Frame.CHUNK_BYTES) {
        reading = true;
        long from = sent;
        int started = round;
        Blocking.call(context, () -> read(from))
            .onComplete(
                done -> {
                  reading = false;
                  if (done.failed()) {
                    end(done.cause());
                  } else {
                    if (started == round) {
                      gateway.accept(
                          new Frame.Upload(blob.hash(), from, blob.size(), done.result()));
                      sent = from + done.result().length;
                    }
                    push();
                  }
                });
      }
    }

    void kept(long offset) {
      kept = Math.max(kept, offset);
      if (kept >= blob.size()) {
        end(null);
      } else {
        push();
      }
    }

    void restart() {
      round++;
      sent = 0;
      kept = 0;
      push();
    }

    void end(@Nullable Throwable failure) {
      if (!promise.future().isComplete()) {
        current = null;
        if (failure == null) {
          promise.complete();
        } else {
          promise.fail(failure);
        }
        next();
      }
    }

    private byte[] read(long from) throws IOException {
      try (var in = new RandomAccessFile(file.toFile(), "r")) {
        byte[] bytes = new byte[(int) Math.min(Frame.CHUNK_BYTES, blob.size() - from)];
        in.seek(from);
        in.readFully(bytes);
        return bytes;
      }
    }
  }
}
