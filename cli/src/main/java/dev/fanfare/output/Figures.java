package dev.fanfare.output;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.protocol.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Times, durations and sizes as people read them; {@code -} for what is not known. */
public final class Figures {
  /** Written where there is no value. */
  public static final String NONE = "-";

  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}+");
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private Figures() {}

  /** Three figures and a unit: {@code 0.42 ms}, {@code 12.3 ms}, {@code 4.56 s}, {@code 3m 20s}. */
  public static String seconds(double seconds) {
    if (seconds >= 3600) {
      return (long) seconds / 3600 + "h " + (long) seconds / 60 % 60 + "m";
    }
    if (seconds >= 60) {
      return (long) seconds / 60 + "m " + (long) seconds % 60 + "s";
    }
    return seconds >= 0.9995 ? threeFigures(seconds) + " s" : threeFigures(seconds * 1000) + " ms";
  }

  /** A duration in seconds that a document may lack. */
  public static String seconds(JsonNode node) {
    return node.isNumber() ? seconds(node.doubleValue()) : NONE;
  }

  /** A chosen length of time in seconds, as it would be typed: {@code 30s}, {@code 5m}. */
  public static String limit(JsonNode node) {
    return node.isNumber()
        ? Durations.format(Duration.ofNanos(Math.round(node.doubleValue() * 1e9)))
        : text(node);
  }

  /** A number with its thousands apart: {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A size in bytes that a document may lack. */
  public static String bytes(JsonNode node) {
    return node.isNumber() ? ByteSizes.format(node.longValue()) : NONE;
  }

  /** A text, number or flag that a document may lack; control characters become blanks. */
  public static String text(JsonNode node) {
    return node.isMissingNode() || node.isNull() || node.asText().isEmpty()
        ? NONE
        : CONTROL.matcher(node.asText()).replaceAll(" ");
  }

  /** The first 12 digits of a revision. */
  public static String revision(JsonNode node) {
    String hex = text(node);
    return hex.length() > 12 ? hex.substring(0, 12) : hex;
  }

  /** How long ago a moment was: {@code 5s ago}. */
  public static String age(JsonNode moment, Instant now) {
    try {
      return age(Duration.between(Instant.parse(text(moment)), now));
    } catch (DateTimeParseException e) {
      return NONE;
    }
  }

  /** A moment by the local clock, to the millisecond, without the day. */
  public static String clock(Instant moment) {
    return CLOCK.format(moment);
  }

  /** A moment by the local clock, to the second. */
  public static String day(Instant moment) {
    return DAY.format(moment);
  }

  private static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + "s ago";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m ago";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + "h ago" : seconds / 86400 + "d ago";
  }

  private static String threeFigures(double value) {
    String form = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, form, value);
  }
}
