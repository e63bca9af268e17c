package dev.fanfare.gateway;

import dev.fanfare.protocol.Payload;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Takes a body that is never large, such as a management document. */
final class SmallBody {
  private final HttpServerRequest request;
  private final int limit;
  private final RequestBody.Taker taker;
  private final Buffer all = Buffer.buffer();
  private boolean over;

  SmallBody(HttpServerRequest request, int limit, RequestBody.Taker taker) {
    this.request = request;
    this.limit = limit;
    this.taker = taker;
  }

  void take() {
    if (RequestBody.contentLength(request.headers()) > limit) {
      refuse();
      return;
    }
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
    request.handler(
        piece -> {
          if (!over && all.length() + piece.length() > limit) {
            refuse();
          } else if (!over) {
            all.appendBuffer(piece);
          }
        });
    request.endHandler(
        end -> {
          if (!over) {
            taker.taken(new Payload.Inline("application/json", all.getBytes()));
          }
        });
  }

  private void refuse() {
    over = true;
    taker.refused(Problem.tooLarge("the body", limit));
  }
}
