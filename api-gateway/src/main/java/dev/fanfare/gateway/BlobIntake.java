package dev.fanfare.gateway;

import dev.fanfare.blob.BlobException;
import dev.fanfare.blob.BlobWriter;
import dev.fanfare.blob.Blobs;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Streams a request's body into a blob. The event loop hands pieces to a thread that writes them;
 * the caller is asked for another piece only when one is written, so at most {@link #AHEAD} wait in
 * memory.
 */
final class BlobIntake {
  static final int AHEAD = 16;

  /** The blob, once it is on disk. */
  record Kept(Sha256 hash, long size) {}

  private sealed interface Step {
    record Piece(byte[] bytes) implements Step {}

    record End() implements Step {}

    record Abandon() implements Step {}
  }

  private final HttpServerRequest request;
  private final Context context;
  private final long limit;
  private final Blobs blobs;
  private final Executor disk;
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Promise<Kept> kept = Promise.promise();
  private long received;

  BlobIntake(HttpServerRequest request, Context context, long limit, Blobs blobs, Executor disk) {
    this.request = request;
    this.context = context;
    this.limit = limit;
    this.blobs = blobs;
    this.disk = disk;
  }

  /** Starts, with what was read already. The future completes on the request's context. */
  Future<Kept> take(@Nullable Buffer begun) {
    request.pause();
    request.handler(this::piece);
    request.endHandler(end -> steps.add(new Step.End()));
    request.exceptionHandler(gone -> abandon(gone));
    disk.execute(this::write);
    if (begun != null) {
      piece(begun);
    }
    request.fetch(AHEAD);
    return kept.future();
  }

  /** What the caller is told of a failure. */
  static Problem problem(Throwable failure) {
    return switch (failure) {
      case Refused refused -> refused.problem();
      case BlobException broken ->
          Problem.of(503, "storage-failed", "Storage failed", String.valueOf(broken.getMessage()));
      default -> Problem.badRequest("the body broke off");
    };
  }

  private void piece(Buffer piece) {
    if (over.get()) {
      return;
    }
    received += piece.length();
    if (received > limit) {
      abandon(new Refused(Problem.tooLarge("the body", limit)));
    } else {
      steps.add(new Step.Piece(piece.getBytes()));
    }
  }

  private void abandon(Throwable why) {
    if (over.compareAndSet(false, true)) {
      steps.add(new Step.Abandon());
      kept.tryFail(why);
    }
  }

  private void write() {
    try (BlobWriter writer = blobs.write()) {
      while (true) {
        switch (steps.take()) {
          case Step.Piece piece -> {
            writer.write(piece.bytes(), 0, piece.bytes().length);
            context.runOnContext(next -> request.fetch(1));
          }
          case Step.End end -> {
            long size = writer.size();
            Sha256 hash = writer.commit();
            context.runOnContext(done -> kept.tryComplete(new Kept(hash, size)));
            return;
          }
          case Step.Abandon abandon -> {
            return;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      context.runOnContext(failed -> abandon(e));
    } catch (RuntimeException e) {
      context.runOnContext(failed -> abandon(e));
    }
  }
}
