package dev.fanfare.gateway;

import dev.fanfare.burst.BurstOptions;
import dev.fanfare.burst.Bursts;
import dev.fanfare.burst.Work;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Target;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * {@code POST /function/{name}/batch}: a line in for each item, a line out for each result. Belongs
 * to one event loop.
 */
final class BatchCalls {
  private static final String END = "/batch";

  private final Platform platform;
  private final Access access;
  private final FunctionCalls calls;
  private final Bursts bursts;
  private final Connections connections;

  BatchCalls(
      Platform platform,
      Access access,
      FunctionCalls calls,
      Bursts bursts,
      Connections connections) {
    this.platform = platform;
    this.access = access;
    this.calls = calls;
    this.bursts = bursts;
    this.connections = connections;
  }

  /** Whether the path is one of these. */
  static boolean names(String path) {
    int end = path.length() - END.length();
    return path.startsWith(FunctionCalls.SYNC)
        && path.endsWith(END)
        && end > FunctionCalls.SYNC.length()
        && path.indexOf('/', FunctionCalls.SYNC.length()) == end;
  }

  void call(HttpServerRequest request, String path) {
    Principal principal = access.require(request, Scope.INVOKER);
    String name = path.substring(FunctionCalls.SYNC.length(), path.length() - END.length());
    Target target = calls.resolveCalled(principal, UnknownFunction.parse(name));
    BurstOptions options = BurstRequest.options(request, false);
    Work work = BurstRequest.work(calls, target, calls.options(request), options);
    refuseEncoded(request);
    BurstRequest.checkRoom(bursts);
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
    connections.patient(request);
    String id = bursts.newId();
    HttpServerResponse response = request.response();
    response.putHeader(HttpHeaders.CONTENT_TYPE, Names.NDJSON);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
    response.putHeader(Names.BURST_ID, id);
    response.putHeader(Names.REVISION, target.revision().toString());
    bursts.stream(id, work, options, request, platform.context());
  }

  private static void refuseEncoded(HttpServerRequest request) {
    String encoding = request.headers().get(HttpHeaders.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-encoding",
              "Unsupported content encoding",
              "send the lines as they are, without Content-Encoding"));
    }
  }
}
