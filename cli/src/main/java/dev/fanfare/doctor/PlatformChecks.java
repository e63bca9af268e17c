package dev.fanfare.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.context.Endpoint;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/** Checks of the platform that commands talk to. */
public final class PlatformChecks {
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(5);

  private PlatformChecks() {}

  /** All of them; the later ones only where the platform answers. */
  public static List<Finding> all(Endpoint endpoint) {
    List<Finding> found = new ArrayList<>();
    try (Remote remote = Remote.of(endpoint)) {
      HttpResponse<byte[]> health = remote.send(remote.request("/readyz").GET());
      found.add(gateway(endpoint, health));
      found.add(clock(health));
      found.add(key(remote));
    } catch (CommandException e) {
      found.add(
          Finding.failed(
              "gateway", String.valueOf(e.getMessage()), e.advice().orElse("check the context")));
    }
    return found;
  }

  /** What there is to say when no platform was ever chosen. */
  public static List<Finding> none() {
    return List.of(
        Finding.warning("gateway", "no platform is chosen yet", "start one: fanfare up"));
  }

  /** What there is to say when it cannot even be told which platform is meant. */
  public static List<Finding> unusable(CommandException e) {
    return List.of(
        Finding.failed(
            "context", String.valueOf(e.getMessage()), e.advice().orElse("fanfare context list")));
  }

  private static Finding gateway(Endpoint endpoint, HttpResponse<byte[]> health) {
    return health.statusCode() == 200
        ? Finding.ok("gateway", endpoint + " is ready")
        : Finding.failed(
            "gateway",
            endpoint + " answers but is not ready" + why(health),
            "look at what its process writes");
  }

  private static String why(HttpResponse<byte[]> health) {
    var reasons = new StringBuilder();
    for (JsonNode check : Remote.problem(health).body().path("checks")) {
      if (!check.path("ready").asBoolean(true)) {
        reasons
            .append(": ")
            .append(check.path("name").asText())
            .append(' ')
            .append(check.path("why").asText());
      }
    }
    return reasons.toString();
  }

  private static Finding clock(HttpResponse<byte[]> answer) {
    try {
      Instant theirs =
          ZonedDateTime.parse(
                  answer.headers().firstValue("Date").orElse(""),
                  DateTimeFormatter.RFC_1123_DATE_TIME)
              .toInstant();
      Duration apart = Duration.between(theirs, Instant.now()).abs();
      return apart.compareTo(CLOCK_TOLERANCE) > 0
          ? Finding.warning(
              "clock",
              "differs from the gateway's by " + apart.toSeconds() + " s",
              "synchronise it (NTP)")
          : Finding.ok("clock", "agrees with the gateway's");
    } catch (DateTimeParseException e) {
      return Finding.ok("clock", Instant.now().toString());
    }
  }

  private static Finding key(Remote remote) {
    HttpResponse<byte[]> answer = remote.send(remote.request("/v1/functions").GET());
    if (answer.statusCode() == 200) {
      return Finding.ok("key", "accepted");
    }
    Problem problem = Remote.problem(answer);
    CommandException refusal = remote.refusal(problem);
    return Finding.failed(
        "key", String.valueOf(refusal.getMessage()), refusal.advice().orElse("use another key"));
  }
}
