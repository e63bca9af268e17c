package dev.fanfare.protocol;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads and writes sizes the way people type them: {@code 512k}, {@code 256m}, {@code 2g}; powers
 * of 1024.
 */
public final class ByteSizes {
  private static final Pattern FORM = Pattern.compile("(?i)(\\d{1,12})([kmg]?)(?:i?b)?");

  private ByteSizes() {}

  /**
   * Reads a number of bytes with an optional unit.
   *
   * @throws IllegalArgumentException if the text is no size, or too large a one
   */
  public static long parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no size: write 512k, 256m or 2g");
    }
    int shift =
        switch (matcher.group(2)) {
          case "k", "K" -> 10;
          case "m", "M" -> 20;
          case "g", "G" -> 30;
          default -> 0;
        };
    long count = Long.parseLong(matcher.group(1));
    if (count > Long.MAX_VALUE >> shift) {
      throw new IllegalArgumentException("'" + text + "' is more than fits in 64 bits");
    }
    return count << shift;
  }

  /** For people, with one decimal where it helps: {@code 1.5 MiB}. */
  public static String format(long bytes) {
    if (bytes < 1024) {
      return bytes + " B";
    }
    int exponent = Math.min(4, (63 - Long.numberOfLeadingZeros(bytes)) / 10);
    double scaled = (double) bytes / (1L << exponent * 10);
    String number =
        scaled < 10
            ? String.format(java.util.Locale.ROOT, "%.1f", scaled)
            : Long.toString(Math.round(scaled));
    return number + " " + "BKMGT".charAt(exponent) + "iB";
  }
}
