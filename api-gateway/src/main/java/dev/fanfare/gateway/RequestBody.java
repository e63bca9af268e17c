package dev.fanfare.gateway;

import dev.fanfare.blob.Blobs;
import dev.fanfare.protocol.Payload;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Takes a request's body as a payload: inside while it is small, else streamed into a blob, so that
 * no more than a few pieces of it are ever in memory. Belongs to the request's event loop.
 */
final class RequestBody {
  private static final String DEFAULT_TYPE = "application/json";
  private static final int TYPE_LIMIT = 255;

  /**
   * Whoever wants the body. Exactly one of the two is called, or none when the caller goes away.
   */
  interface Taker {
    void taken(Payload payload);

    void refused(Problem problem);
  }

  private final HttpServerRequest request;
  private final Context context;
  private final Taker taker;
  private final long limit;
  private final Blobs blobs;
  private final Executor disk;

  private String contentType = DEFAULT_TYPE;
  private @Nullable Buffer first;
  private boolean streaming;

  RequestBody(
      HttpServerRequest request,
      Context context,
      long limit,
      Blobs blobs,
      Executor disk,
      Taker taker) {
    this.request = request;
    this.context = context;
    this.limit = limit;
    this.blobs = blobs;
    this.disk = disk;
    this.taker = taker;
  }

  /** Starts to read; must be called in the tick in which the request came. */
  void take() {
    MultiMap headers = request.headers();
    contentType = contentType(headers);
    String encoding = headers.get(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      taker.refused(
          Problem.of(
              415,
              "unsupported-encoding",
              "Unsupported content encoding",
              "send the body as it is, without Content-Encoding"));
      return;
    }
    long length = contentLength(headers);
    if (length > limit) {
      taker.refused(Problem.tooLarge("the body", limit));
      return;
    }
    if (headers.contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
    if (length > Payload.INLINE_LIMIT) {
      stream(null);
    } else {
      request.handler(this::piece).endHandler(end -> ended());
    }
  }

  private void piece(Buffer piece) {
    if (streaming) {
      return;
    }
    Buffer before = first;
    if (before == null) {
      first = piece;
    } else if (before.length() + piece.length() <= Payload.INLINE_LIMIT) {
      first =
          Buffer.buffer(before.length() + piece.length()).appendBuffer(before).appendBuffer(piece);
    } else {
      first = null;
      stream(before.copy().appendBuffer(piece));
      return;
    }
    if (piece.length() > Payload.INLINE_LIMIT) {
      first = null;
      stream(piece);
    }
  }

  private void ended() {
    if (streaming) {
      return;
    }
    Buffer all = first;
    byte[] bytes = all == null ? new byte[0] : all.getBytes();
    taker.taken(new Payload.Inline(contentType, bytes));
  }

  private void stream(@Nullable Buffer begun) {
    streaming = true;
    new BlobIntake(request, context, limit, blobs, disk)
        .take(begun)
        .onSuccess(kept -> taker.taken(new Payload.Blob(contentType, kept.hash(), kept.size())))
        .onFailure(failure -> taker.refused(BlobIntake.problem(failure)));
  }

  /** The body's length as the caller tells it; −1 where it is sent in chunks. */
  static long contentLength(MultiMap headers) {
    String text = headers.get(HttpHeaders.CONTENT_LENGTH);
    if (text == null) {
      return -1;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new Refused(Problem.badRequest("Content-Length is no number"));
    }
  }

  private static String contentType(MultiMap headers) {
    String type = headers.get(HttpHeaders.CONTENT_TYPE);
    if (type == null || type.isBlank()) {
      return DEFAULT_TYPE;
    }
    if (type.length() > TYPE_LIMIT) {
      throw new Refused(
          Problem.badRequest("Content-Type is at most " + TYPE_LIMIT + " characters"));
    }
    return type;
  }
}
