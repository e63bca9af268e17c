package dev.fanfare.gateway;

import dev.fanfare.key.Principal;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Target;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * {@code GET /function/{name}} as a WebSocket: opens a channel with a function. Belongs to one
 * event loop.
 */
final class ChannelCalls {
  private final FunctionCalls calls;
  private final Access access;
  private final Connections connections;

  ChannelCalls(FunctionCalls calls, Access access, Connections connections) {
    this.calls = calls;
    this.access = access;
    this.connections = connections;
  }

  /** Checks the request and opens the channel. */
  void open(HttpServerRequest request, String path) {
    FunctionReference reference = calls.reference(path, FunctionCalls.SYNC);
    Principal principal = access.require(request, FunctionCalls.scope(reference));
    Target target = calls.resolve(principal, reference);
    if (!calls.hasChannel(target)) {
      throw new Refused(
          Problem.of(
                  405,
                  "method-not-allowed",
                  "Method not allowed",
                  "'" + target.function() + "' has no channel to open: call it with POST")
              .header(HttpHeaders.ALLOW, "POST"));
    }
    if (!request.canUpgradeToWebSocket()) {
      throw new Refused(FunctionCalls.opensOnly(target));
    }
    CallOptions options = calls.options(request);
    if (!options.key().isEmpty()) {
      throw new Refused(Problem.badRequest("a channel cannot be repeated: leave the key out"));
    }
    boolean events = wantsEvents(request);
    Payload argument = events ? Payload.EMPTY : argument(request);
    connections.patient(request);
    request.toWebSocket().onSuccess(socket -> begin(socket, target, options, events, argument));
  }

  private void begin(
      ServerWebSocket socket,
      Target target,
      CallOptions options,
      boolean events,
      Payload argument) {
    InvocationId id = calls.dispatcher().newId();
    var call = new ChannelCall(calls, socket, id, target, options);
    call.start(events ? new EventSpeech(call) : new PlainSpeech(call, argument));
  }

  private static boolean wantsEvents(HttpServerRequest request) {
    String wanted = request.getHeader("Sec-WebSocket-Protocol");
    return wanted != null
        && Arrays.stream(wanted.split(",")).map(String::strip).anyMatch(ChannelCall.EVENTS::equals);
  }

  /** The parameter {@code argument} in JSON, else the query as it is, a form. */
  private static Payload argument(HttpServerRequest request) {
    String query = request.query();
    if (query == null || query.isEmpty()) {
      return Payload.EMPTY;
    }
    String argument = request.getParam("argument");
    return argument == null
        ? new Payload.Inline(
            "application/x-www-form-urlencoded", query.getBytes(StandardCharsets.UTF_8))
        : new Payload.Inline("application/json", argument.getBytes(StandardCharsets.UTF_8));
  }
}
