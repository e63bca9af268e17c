package dev.fanfare.gateway;

import dev.fanfare.burst.BurstOptions;
import dev.fanfare.burst.Bursts;
import dev.fanfare.burst.Work;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Target;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a request that begins a burst says beside its items, checked. */
final class BurstRequest {
  private static final int TYPE_LIMIT = 255;
  private static final List<String> PARAMETERS =
      List.of(
          "ordered",
          "detach",
          "max-in-flight",
          "chunk",
          "function",
          "type",
          "results",
          "delay",
          "rerun-slow",
          "burst");

  private BurstRequest() {}

  /** Refuses what is malformed, and parameters that there are none of. */
  static BurstOptions options(HttpServerRequest request, boolean detachedByDefault) {
    if (request.query() != null) {
      for (String name : request.params().names()) {
        if (!PARAMETERS.contains(name)) {
          throw new Refused(
              Problem.badRequest(
                  "there is no parameter '"
                      + name.replaceAll("[^\\x20-\\x7e]", "?")
                      + "' here; there are "
                      + String.join(", ", PARAMETERS)));
        }
      }
    }
    return Exchange.parse(
        "the burst",
        "",
        nothing ->
            new BurstOptions(
                query(request, "ordered", false, BurstRequest::flag),
                query(request, "detach", detachedByDefault, BurstRequest::flag),
                query(request, "max-in-flight", BurstOptions.ITEMS, Integer::parseInt),
                query(request, "chunk", 0, Integer::parseInt),
                query(request, "type", "application/json", BurstRequest::contentType),
                query(request, "rerun-slow", false, BurstRequest::flag)));
  }

  static Work work(FunctionCalls calls, Target target, CallOptions options, BurstOptions burst) {
    Requirements requirements = target.policy().requirements().and(options.constraints());
    return new Work(
        target,
        requirements,
        (id, payload) -> calls.submission(id, target, options, false, payload),
        new BurstSettings(options, burst).write());
  }

  static void checkRoom(Bursts bursts) {
    if (bursts.full()) {
      throw new Refused(
          Problem.of(
                  429,
                  "too-many-bursts",
                  "Too many bursts",
                  "at most " + Bursts.MOST_GOING + " bursts go on at a time")
              .header("Retry-After", "1"));
    }
  }

  static <T> T query(
      HttpServerRequest request, String name, T otherwise, Function<String, T> parser) {
    String text = parameter(request, name);
    return text == null ? otherwise : Exchange.parse(name, text, parser);
  }

  static @Nullable String parameter(HttpServerRequest request, String name) {
    String text = request.query() == null ? null : request.getParam(name);
    return text == null || text.isBlank() ? null : text;
  }

  private static String contentType(String text) {
    if (text.length() > TYPE_LIMIT || !text.matches("[\\x20-\\x7e]+/[\\x20-\\x7e]+")) {
      throw new IllegalArgumentException("that is no media type");
    }
    return text;
  }

  static boolean flag(String text) {
    return switch (text) {
      case "true", "1" -> true;
      case "false", "0" -> false;
      default -> throw new IllegalArgumentException("write true or false, not '" + text + "'");
    };
  }
}
