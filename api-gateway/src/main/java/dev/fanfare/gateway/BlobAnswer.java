package dev.fanfare.gateway;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file as an answer's body, no more than {@link #AHEAD} pieces ahead of its reader. It is
 * not left to the operating system, because then nobody could tell whether the reader still reads.
 */
final class BlobAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(BlobAnswer.class);
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int AHEAD = 4;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Path file;
  private final long size;
  private final Context context;
  private final Semaphore room = new Semaphore(AHEAD);
  private volatile boolean gone;

  /** An answer on the request's event loop; its head is written with the first piece. */
  BlobAnswer(HttpServerRequest request, Path file, long size, Context context) {
    this.request = request;
    this.response = request.response();
    this.file = file;
    this.size = size;
    this.context = context;
  }

  /** Starts, on a thread that may block. What is to be done without a file is done instead. */
  void send(Executor disk, Runnable missing) {
    disk.execute(
        () -> {
          try (InputStream in = Files.newInputStream(file)) {
            context.runOnContext(begin -> length());
            copy(in);
          } catch (NoSuchFileException e) {
            context.runOnContext(instead -> missing.run());
          } catch (IOException e) {
            LOG.warn("a result breaks off: {} cannot be read", file, e);
            context.runOnContext(broken -> response.reset());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.runOnContext(broken -> response.reset());
          }
        });
  }

  private void length() {
    response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(size));
  }

  private void copy(InputStream in) throws IOException, InterruptedException {
    long left = HttpMethod.HEAD.equals(request.method()) ? 0 : size;
    while (left > 0 && !gone) {
      byte[] piece = in.readNBytes((int) Math.min(PIECE_BYTES, left));
      if (piece.length == 0) {
        throw new IOException(left + " of " + size + " bytes are missing");
      }
      left -= piece.length;
      room.acquire();
      context.runOnContext(next -> write(piece));
    }
    room.acquire(AHEAD);
    context.runOnContext(all -> end());
  }

  private void write(byte[] piece) {
    if (response.closed()) {
      gone = true;
      room.release();
      return;
    }
    response
        .write(Buffer.buffer(piece))
        .onComplete(
            written -> {
              gone |= written.failed();
              room.release();
            });
  }

  /** Ends once all of it has left: until then the reader is watched. */
  private void end() {
    if (!gone && !response.closed()) {
      response.end();
    }
  }
}
