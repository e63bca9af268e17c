package dev.fanfare.gateway;

import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The management resources: which path and method leads where, and what scope a key must have for
 * it.
 */
final class Routes {
  private static final int UNWANTED_BODY_LIMIT = 64 * 1024;

  private final Platform platform;
  private final Access access;
  private final Router router;
  private final Map<String, Set<String>> methods = new TreeMap<>();

  Routes(Vertx vertx, Platform platform, Access access) {
    this.platform = platform;
    this.access = access;
    this.router = Router.router(vertx);
    router.errorHandler(
        404, routing -> Lingering.answer(routing.request(), nothingHere(routing.request())));
    router.errorHandler(405, routing -> Lingering.answer(routing.request(), wrongMethod(routing)));
    router.errorHandler(500, routing -> Lingering.answer(routing.request(), problem(routing)));
  }

  /** Every method of every path, for the description. */
  Map<String, Set<String>> methods() {
    return methods;
  }

  /** Serves one request. */
  void handle(HttpServerRequest request) {
    router.handle(request);
  }

  /** Anyone may read it. */
  void open(String path, Consumer<Exchange> handler) {
    reading(path, routing -> serve(routing, Optional.empty(), handler));
  }

  /** Anyone may read it; a key that is sent must be valid. */
  void openWithCaller(String path, Consumer<Exchange> handler) {
    reading(path, routing -> serve(routing, access.principal(routing.request()), handler));
  }

  void get(String path, Scope scope, Consumer<Exchange> handler) {
    reading(path, routing -> serve(routing, caller(routing, scope), handler));
  }

  void delete(String path, Scope scope, Consumer<Exchange> handler) {
    note("DELETE", path);
    router
        .route(HttpMethod.DELETE, path)
        .handler(
            guarded(
                routing -> {
                  ignoreBody(routing.request());
                  serve(routing, caller(routing, scope), handler);
                }));
  }

  /** For resources that read a body. */
  void body(HttpMethod method, String path, Scope scope, Consumer<Exchange> handler) {
    note(method.name(), path);
    router
        .route(method, path)
        .handler(guarded(routing -> serve(routing, caller(routing, scope), handler)));
  }

  /** For WebSockets of clients. */
  void socket(String path, Scope scope, Consumer<Exchange> handler) {
    note("GET", path);
    router.get(path).handler(guarded(routing -> serve(routing, caller(routing, scope), handler)));
  }

  /** For worker sessions: admits join tokens and workers' credentials only. */
  void worker(String path, Consumer<Exchange> handler) {
    note("GET", path);
    router
        .get(path)
        .handler(
            guarded(
                routing ->
                    serve(routing, Optional.of(access.requireWorker(routing.request())), handler)));
  }

  /** For worker sessions whose worker proves itself once they are open. */
  void proving(String path, Consumer<Exchange> handler) {
    note("GET", path);
    router.get(path).handler(guarded(routing -> serve(routing, Optional.empty(), handler)));
  }

  /**
   * Paths that are served before the router; told here so that other methods are refused with 405.
   */
  void elsewhere(String method, String path) {
    note(method, path);
    router.route(HttpMethod.valueOf(method), path).handler(routing -> routing.fail(404));
  }

  private void reading(String path, Consumer<RoutingContext> handler) {
    note("GET", path);
    Route route = router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD);
    route.handler(
        guarded(
            routing -> {
              ignoreBody(routing.request());
              handler.accept(routing);
            }));
  }

  private Handler<RoutingContext> guarded(Consumer<RoutingContext> handler) {
    return routing -> {
      try {
        handler.accept(routing);
      } catch (RuntimeException e) {
        Lingering.answer(routing.request(), Exchange.problem(e));
      }
    };
  }

  private Optional<Principal> caller(RoutingContext routing, Scope scope) {
    return Optional.of(access.require(routing.request(), scope));
  }

  private void serve(
      RoutingContext routing, Optional<Principal> caller, Consumer<Exchange> handler) {
    handler.accept(new Exchange(platform, routing, caller));
  }

  private void note(String method, String path) {
    methods.computeIfAbsent(path, p -> new TreeSet<>()).add(method);
  }

  private static void ignoreBody(HttpServerRequest request) {
    if (request.isEnded()) {
      return;
    }
    int[] received = {0};
    request.handler(
        piece -> {
          received[0] += piece.length();
          if (received[0] > UNWANTED_BODY_LIMIT) {
            request.connection().close();
          }
        });
  }

  private static Problem nothingHere(HttpServerRequest request) {
    return Problem.of(
            404,
            "no-such-resource",
            "Nothing here",
            "nothing is served at this path; GET /openapi.json tells what is")
        .with("method", request.method().name());
  }

  private static Problem problem(RoutingContext routing) {
    Throwable failure = routing.failure();
    return failure == null ? Problem.broken() : Exchange.problem(failure);
  }

  private Problem wrongMethod(RoutingContext routing) {
    String allow = String.join(", ", allowed(routing.normalizedPath()));
    return Problem.of(
            405, "method-not-allowed", "Method not allowed", "this resource answers to " + allow)
        .header(HttpHeaders.ALLOW, allow);
  }

  /** A path that is served by its own name is not one of a pattern's. */
  private Set<String> allowed(String path) {
    var allowed = new TreeSet<String>();
    boolean named = methods.containsKey(path);
    methods.forEach(
        (template, those) -> {
          if (named ? path.equals(template) : path.matches(template.replaceAll(":\\w+", "[^/]+"))) {
            allowed.addAll(those);
            if (those.contains("GET")) {
              allowed.add("HEAD");
            }
          }
        });
    return allowed;
  }
}
