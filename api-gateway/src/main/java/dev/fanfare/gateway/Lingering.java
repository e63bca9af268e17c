package dev.fanfare.gateway;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * Ends an exchange whose request is refused while its body is still coming: the answer goes out,
 * what still comes is thrown away for a moment so that the caller gets to read the answer, then the
 * connection is closed. Closing at once would reset it, and the answer would be lost on the way.
 */
final class Lingering {
  private static final long LONGEST_MILLIS = 5_000;
  private static final long FEW_BYTES = 64 * 1024;

  private Lingering() {}

  /** Answers with the problem; keeps the connection only when little of the body is left. */
  static void answer(HttpServerRequest request, Problem problem) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    if (request.isEnded() || little(request)) {
      problem.answer(response);
      request.resume();
      return;
    }
    request.handler(ignored -> {});
    request.exceptionHandler(ignored -> {});
    request.endHandler(end -> request.connection().close());
    response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    problem.answer(response);
    request.resume();
    Context context = Vertx.currentContext();
    if (context != null) {
      context.owner().setTimer(LONGEST_MILLIS, late -> Connections.cut(request.connection()));
    }
  }

  private static boolean little(HttpServerRequest request) {
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      return false;
    }
    return RequestBody.contentLength(request.headers()) <= FEW_BYTES;
  }
}
