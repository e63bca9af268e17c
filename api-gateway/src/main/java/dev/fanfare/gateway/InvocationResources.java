package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.key.Scope;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** {@code /invocations}: state, result, cancel. Logs are {@link LogResource}. */
final class InvocationResources {
  private static final int DEFAULT_LIMIT = 100;

  private final Dispatcher dispatcher;
  private final Platform platform;

  InvocationResources(Platform platform) {
    this.platform = platform;
    this.dispatcher = platform.dispatcher();
  }

  void serve(Routes routes) {
    routes.get("/invocations", Scope.VIEWER, this::list);
    routes.get("/invocations/:id", Scope.VIEWER, this::state);
    routes.get("/invocations/:id/result", Scope.VIEWER, this::result);
    routes.delete("/invocations/:id", Scope.INVOKER, this::cancel);
  }

  /** An id that cannot be one is no invocation either. */
  static InvocationId id(Exchange exchange) {
    String text = exchange.path("id");
    try {
      return InvocationId.parse(text);
    } catch (IllegalArgumentException e) {
      throw new Refused(Problem.noInvocation(text));
    }
  }

  private void list(Exchange exchange) {
    var filter =
        new InvocationFilter(
            exchange.query("function", FunctionName::new),
            exchange.query("state", text -> InvocationState.valueOf(text.toUpperCase(Locale.ROOT))),
            exchange.query("since", this::since),
            exchange.query("limit", Integer::parseInt).orElse(DEFAULT_LIMIT));
    exchange.later(
        dispatcher.list(exchange.tenant(), filter),
        found -> {
          ObjectNode body = JsonText.object();
          ArrayNode invocations = body.putArray("invocations");
          found.forEach(invocation -> invocations.add(InvocationJson.document(invocation)));
          exchange.json(200, body);
        });
  }

  private void state(Exchange exchange) {
    InvocationId id = id(exchange);
    exchange.later(
        dispatcher.find(exchange.tenant(), id),
        found -> {
          InvocationRecord invocation = present(found, id);
          ObjectNode body = InvocationJson.document(invocation);
          why(invocation).ifPresent(why -> body.put("why", why));
          exchange.json(200, body);
        });
  }

  private void result(Exchange exchange) {
    InvocationId id = id(exchange);
    Duration wait = exchange.query("wait", InvocationResources::wait).orElse(Duration.ZERO);
    var looked =
        wait.isZero()
            ? dispatcher.find(exchange.tenant(), id)
            : dispatcher.await(exchange.tenant(), id, wait);
    exchange.later(
        looked,
        found -> {
          InvocationRecord invocation = present(found, id);
          if (invocation.state().terminal()) {
            exchange.response().putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
            exchange.response().putHeader("Content-Security-Policy", "sandbox");
            platform.answers().answer(exchange.request(), invocation);
          } else {
            InvocationAnswer.headers(exchange.response(), invocation);
            exchange.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
            exchange.json(202, InvocationJson.accepted(id, invocation.state()));
          }
        });
  }

  private void cancel(Exchange exchange) {
    InvocationId id = id(exchange);
    exchange.later(
        dispatcher.cancel(exchange.tenant(), id, "cancelled by its caller"),
        cancellation -> {
          switch (cancellation) {
            case CANCELLED ->
                exchange.json(200, InvocationJson.accepted(id, InvocationState.CANCELLED));
            case ENDED ->
                exchange.fail(
                    Problem.of(
                            409,
                            "already-ended",
                            "Already ended",
                            "the invocation has ended already")
                        .about(id));
            case UNKNOWN -> exchange.fail(Problem.noInvocation(id.toString()));
          }
        });
  }

  /** Why it waits: it is paused, or nothing connected could run it. */
  private Optional<String> why(InvocationRecord invocation) {
    if (invocation.state() != InvocationState.QUEUED) {
      return Optional.empty();
    }
    if (platform.node().pauses().pauses().cover(invocation.tenant(), invocation.function())) {
      return Optional.of(invocation.function() + " is paused");
    }
    return dispatcher.whyNot(invocation.requirements());
  }

  private static InvocationRecord present(Optional<InvocationRecord> found, InvocationId id) {
    return found.orElseThrow(() -> new Refused(Problem.noInvocation(id.toString())));
  }

  /** {@code 30s}, {@code PT30S} or plain seconds; at most {@link Preferences#LONGEST_WAIT}. */
  private static Duration wait(String text) {
    Duration wait =
        text.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(text)) : Durations.parse(text);
    return wait.compareTo(Preferences.LONGEST_WAIT) > 0 ? Preferences.LONGEST_WAIT : wait;
  }

  /** An ISO-8601 time, or a length of time before now. */
  private Instant since(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return platform.clock().instant().minus(Durations.parse(text));
    }
  }
}
