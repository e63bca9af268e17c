package dev.fanfare.gateway;

import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Durations;
import dev.fanfare.shard.Submission;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the caller says beside the body, checked.
 *
 * @param callId the caller's own id, empty where none was sent
 * @param key under which the caller may repeat the call, empty where none was sent
 * @param traceparent W3C trace context; one that is not well-formed is ignored, as the standard
 *     wants
 * @param timeoutMicros bound of an attempt, 0 for the function's own
 * @param deadline epoch microseconds, 0 for none
 * @param notBefore epoch microseconds, 0 for at once
 */
record CallOptions(
    String callId,
    String key,
    String traceparent,
    int priority,
    List<Constraint> constraints,
    long timeoutMicros,
    long deadline,
    long notBefore) {
  static final int CALL_ID_LIMIT = 128;
  static final int KEY_LIMIT = 255;
  static final int CONSTRAINTS_LIMIT = 16;
  static final Duration LONGEST_DELAY = Duration.ofDays(366);

  private static final List<CharSequence> UNSUPPORTED = List.of(Names.CALLBACK_URL);
  private static final Pattern TRACEPARENT =
      Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");

  /** Reads headers and query; refuses what is malformed. */
  static CallOptions read(HttpServerRequest request, InstantSource clock) {
    MultiMap headers = request.headers();
    refuseUnsupported(headers);
    return new CallOptions(
        printable(Names.CALL_ID, headers.get(Names.CALL_ID), CALL_ID_LIMIT),
        printable(Names.IDEMPOTENCY_KEY, headers.get(Names.IDEMPOTENCY_KEY), KEY_LIMIT),
        traceparent(headers.get(Names.TRACEPARENT)),
        priority(headers.get(Names.PRIORITY)),
        constraints(headers),
        timeout(headers.get(Names.TIMEOUT)),
        deadline(headers.get(Names.DEADLINE), clock),
        notBefore(request, clock));
  }

  /** A promise that is not kept must not be taken for one that is. */
  private static void refuseUnsupported(MultiMap headers) {
    for (CharSequence name : UNSUPPORTED) {
      if (headers.contains(name)) {
        throw new Refused(
            Problem.of(
                400,
                "unsupported-header",
                "Unsupported header",
                "this version does not know " + name + "; leave it out"));
      }
    }
  }

  private static String printable(CharSequence name, @Nullable String text, int limit) {
    if (text == null) {
      return "";
    }
    boolean good = !text.isEmpty() && text.length() <= limit;
    for (int i = 0; good && i < text.length(); i++) {
      good = text.charAt(i) >= 0x20 && text.charAt(i) < 0x7f;
    }
    if (!good) {
      throw new Refused(
          Problem.badRequest(name + " is 1 to " + limit + " printable ASCII characters"));
    }
    return text;
  }

  private static String traceparent(@Nullable String text) {
    return text != null && TRACEPARENT.matcher(text).matches() ? text : "";
  }

  private static int priority(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    if (text.matches("[+-]?\\d{1,3}")) {
      int priority = Integer.parseInt(text);
      if (priority >= Submission.LEAST_PRIORITY && priority <= Submission.MOST_PRIORITY) {
        return priority;
      }
    }
    throw new Refused(Problem.badRequest("X-Priority is a whole number from -100 to 100"));
  }

  private static List<Constraint> constraints(MultiMap headers) {
    boolean pinned = headers.contains(Names.STATE);
    if (!pinned && !headers.contains(Names.CONSTRAINT)) {
      return List.of();
    }
    List<String> texts = headers.getAll(Names.CONSTRAINT);
    if (texts.size() > CONSTRAINTS_LIMIT) {
      throw new Refused(
          Problem.badRequest("at most " + CONSTRAINTS_LIMIT + " X-Constraint headers are taken"));
    }
    var constraints = new ArrayList<Constraint>();
    for (String text : texts) {
      constraints.add(Exchange.parse("X-Constraint", text, Constraint::parse));
    }
    if (pinned) {
      constraints.add(StatePin.read(headers));
    }
    return constraints;
  }

  private static long timeout(@Nullable String text) {
    if (text == null) {
      return 0;
    }
    Duration timeout = Exchange.parse("X-Timeout", text, Durations::parse);
    if (timeout.isZero()) {
      throw new Refused(Problem.badRequest("X-Timeout is more than 0"));
    }
    return micros(timeout);
  }

  private static long deadline(@Nullable String text, InstantSource clock) {
    if (text == null) {
      return 0;
    }
    long now = micros(clock.instant());
    long deadline;
    try {
      deadline = micros(Instant.parse(text));
    } catch (DateTimeParseException e) {
      deadline = now + micros(Exchange.parse("X-Deadline", text, Durations::parse));
    }
    if (deadline <= now) {
      throw new Refused(Problem.badRequest("X-Deadline has passed already"));
    }
    return deadline;
  }

  private static long notBefore(HttpServerRequest request, InstantSource clock) {
    if (request.query() == null) {
      return 0;
    }
    String text = request.getParam("delay");
    if (text == null) {
      return 0;
    }
    Duration delay = Exchange.parse("delay", text, Durations::parse);
    if (delay.compareTo(LONGEST_DELAY) > 0) {
      throw new Refused(Problem.badRequest("delay is at most " + LONGEST_DELAY.toDays() + " days"));
    }
    return delay.isZero() ? 0 : micros(clock.instant()) + micros(delay);
  }

  static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  /** At most a year, so that sums never overflow. */
  static long micros(Duration duration) {
    return duration.compareTo(LONGEST_DELAY) > 0
        ? LONGEST_DELAY.toNanos() / 1_000
        : duration.toNanos() / 1_000;
  }
}
