package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.blob.BlobException;
import dev.fanfare.key.Principal;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.registry.RegistryException;
import dev.fanfare.shard.ShardUnavailable;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request to a management resource and its answer. Belongs to one event loop. */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final int DOCUMENT_LIMIT = 64 * 1024;

  private final Platform platform;
  private final RoutingContext routing;
  private final Optional<Principal> principal;

  Exchange(Platform platform, RoutingContext routing, Optional<Principal> principal) {
    this.platform = platform;
    this.routing = routing;
    this.principal = principal;
  }

  /** Parses a piece of the request; refuses it, naming it, when it is malformed. */
  static <T> T parse(String what, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new Refused(Problem.badRequest(what + ": " + e.getMessage()));
    }
  }

  HttpServerRequest request() {
    return routing.request();
  }

  HttpServerResponse response() {
    return routing.response();
  }

  Platform platform() {
    return platform;
  }

  /** The caller; only on routes that need one. */
  Principal principal() {
    return principal.orElseThrow();
  }

  Optional<Principal> caller() {
    return principal;
  }

  TenantId tenant() {
    return principal().tenant();
  }

  /** A part of the path, parsed. */
  <T> T path(String name, Function<String, T> parser) {
    return parse(name, path(name), parser);
  }

  String path(String name) {
    return Objects.requireNonNull(routing.pathParam(name), name);
  }

  /** A query parameter, parsed; empty when it is absent or blank. */
  <T> Optional<T> query(String name, Function<String, T> parser) {
    return query(name).map(text -> parse(name, text, parser));
  }

  Optional<String> query(String name) {
    if (request().query() == null) {
      return Optional.empty();
    }
    return Optional.ofNullable(request().getParam(name)).filter(text -> !text.isBlank());
  }

  /** Reads a small JSON document as the body. */
  void document(Consumer<JsonNode> next) {
    String type = request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !type.matches("(?i)\\s*application/([a-z.+-]+\\+)?json\\s*(;.*)?")) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-media-type",
              "Unsupported media type",
              "send application/json, not " + type.replaceAll("[^\\x20-\\x7e]", "?")));
    }
    RequestBody.Taker taker =
        new RequestBody.Taker() {
          @Override
          public void taken(Payload payload) {
            guarded(() -> next.accept(JsonText.read(((Payload.Inline) payload).bytes())));
          }

          @Override
          public void refused(Problem problem) {
            fail(problem);
          }
        };
    new SmallBody(request(), Math.min(DOCUMENT_LIMIT, Payload.INLINE_LIMIT), taker).take();
  }

  void json(int status, JsonNode body) {
    HttpServerResponse response = response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    response.setStatusCode(status);
    response.putHeader(HttpHeaders.CONTENT_TYPE, Names.JSON);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.end(Buffer.buffer(JsonText.bytes(body)));
  }

  void nothing() {
    response().setStatusCode(204).end();
  }

  void fail(Problem problem) {
    Lingering.answer(request(), problem);
  }

  /** Goes on with what the dispatcher answers. */
  <T> void later(Future<T> future, Consumer<T> next) {
    future.onComplete(
        done ->
            platform.onContext(
                () ->
                    guarded(
                        () -> {
                          if (done.failed()) {
                            throw done.cause() instanceof RuntimeException known
                                ? known
                                : new IllegalStateException(done.cause());
                          }
                          next.accept(done.result());
                        })));
  }

  /** Does work that blocks on another thread, then goes on here. */
  <T> void blocking(Callable<T> work, Consumer<T> next) {
    platform
        .disk()
        .execute(
            () -> {
              try {
                T result = work.call();
                platform.context().runOnContext(back -> guarded(() -> next.accept(result)));
              } catch (Exception e) {
                platform.context().runOnContext(back -> fail(e));
              }
            });
  }

  void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      fail(e);
    }
  }

  void fail(Throwable failure) {
    fail(problem(failure));
  }

  static Problem problem(Throwable failure) {
    return switch (failure) {
      case Refused refused -> refused.problem();
      case RegistryException refusal -> RegistryRefusal.problem(refusal);
      case ShardUnavailable lost -> Problem.uncertain(String.valueOf(lost.getMessage()));
      case LedgerException broken -> Problem.noLedger(broken);
      case BlobException broken when broken.code().equals("no-such-blob") ->
          Problem.of(410, "result-gone", "Gone", "the bytes are no longer kept");
      case IllegalArgumentException bad -> Problem.badRequest(String.valueOf(bad.getMessage()));
      default -> {
        LOG.warn("a request failed", failure);
        yield Problem.broken();
      }
    };
  }
}
