package dev.fanfare.gateway;

import dev.fanfare.blob.Blobs;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
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
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a blob as an answer's body, no more than {@link #AHEAD} pieces ahead of its reader. It is
 * not left to the operating system, because then nobody could tell whether the reader still reads.
 */
final class BlobAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(BlobAnswer.class);
  private static final int PIECE_BYTES = 64 * 1024;
  private static final int AHEAD = 4;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Blobs blobs;
  private final Sha256 hash;
  private final long size;
  private final Context context;
  private final Semaphore room = new Semaphore(AHEAD);
  private volatile boolean gone;

  /** An answer on the request's event loop; its head is written with the first piece. */
  BlobAnswer(HttpServerRequest request, Blobs blobs, Payload.Blob blob, Context context) {
    this.request = request;
    this.response = request.response();
    this.blobs = blobs;
    this.hash = blob.hash();
    this.size = blob.size();
    this.context = context;
  }

  /** Starts, on a thread that may block. What is to be done without the blob is done instead. */
  void send(Executor disk, Runnable missing) {
    disk.execute(
        () -> {
          try (InputStream in = open()) {
            context.runOnContext(begin -> length());
            copy(in);
          } catch (NoSuchFileException e) {
            context.runOnContext(instead -> missing.run());
          } catch (IOException e) {
            LOG.warn("a result breaks off: blob {} cannot be read", hash, e);
            context.runOnContext(broken -> response.reset());
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            context.runOnContext(broken -> response.reset());
          }
        });
  }

  /** Brings the blob from another node if it is not here. */
  private InputStream open() throws IOException {
    blobs.obtain(hash);
    return Files.newInputStream(blobs.path(hash));
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
