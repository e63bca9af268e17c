package dev.fanfare.gateway;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * Where every request comes in: calls of functions take the short way, all else goes to the routes.
 */
final class FrontDoor {
  private final Guard guard;
  private final FunctionCalls calls;
  private final BatchCalls batches;
  private final ChannelCalls channels;
  private final Routes routes;

  FrontDoor(
      Guard guard, FunctionCalls calls, BatchCalls batches, ChannelCalls channels, Routes routes) {
    this.guard = guard;
    this.calls = calls;
    this.batches = batches;
    this.channels = channels;
    this.routes = routes;
  }

  void handle(HttpServerRequest request) {
    try {
      Problem refusal = guard.refusal(request);
      if (refusal != null) {
        Lingering.answer(request, refusal);
      } else {
        serve(request);
      }
    } catch (RuntimeException e) {
      Lingering.answer(request, Exchange.problem(e));
    }
  }

  private void serve(HttpServerRequest request) {
    String path = request.path();
    if (HttpMethod.POST.equals(request.method()) && path != null) {
      if (names(path, FunctionCalls.SYNC)) {
        calls.call(request, path);
        return;
      }
      if (names(path, FunctionCalls.ASYNC)) {
        calls.callLater(request, path);
        return;
      }
      if (BatchCalls.names(path)) {
        batches.call(request, path);
        return;
      }
    }
    if (HttpMethod.GET.equals(request.method())
        && path != null
        && !path.equals(FunctionCalls.SYNC)
        && names(path, FunctionCalls.SYNC)) {
      channels.open(request, path);
      return;
    }
    Problem refusal = Guard.pathRefusal(path == null ? "" : path);
    if (refusal != null) {
      Lingering.answer(request, refusal);
    } else {
      routes.handle(request);
    }
  }

  private static boolean names(String path, String prefix) {
    return path.startsWith(prefix) && path.indexOf('/', prefix.length()) < 0;
  }
}
