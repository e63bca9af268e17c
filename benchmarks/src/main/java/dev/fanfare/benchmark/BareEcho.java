package dev.fanfare.benchmark;

import io.vertx.core.Vertx;

/** The yardstick: a bare Vert.x server that sends a request's body back. Prints its port. */
final class BareEcho {
  private BareEcho() {}

  public static void main(String[] args) {
    Vertx.vertx()
        .createHttpServer()
        .requestHandler(request -> request.body().onSuccess(body -> request.response().end(body)))
        .listen(0, "127.0.0.1")
        .onSuccess(server -> System.out.println("listening on " + server.actualPort()));
  }
}
