package dev.fanfare.state;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which versions are wanted: {@code 3.12.1}, {@code 3.12.*}, {@code >=3.11 <4}, {@code *} for any.
 * Parts that are numbers compare as numbers, others as text; a missing part is less than any.
 */
public record VersionRange(String text, List<Bound> bounds) {
  private static final Pattern BOUND = Pattern.compile("(>=|<=|>|<|=)?\\s*([\\w.+:~*-]+)");
  private static final Pattern PART = Pattern.compile("\\d+|[A-Za-z]+");

  /** One comparison. */
  public record Bound(String operator, String version) {
    boolean holds(String found) {
      int order = compare(found, version);
      return switch (operator) {
        case ">=" -> order >= 0;
        case "<=" -> order <= 0;
        case ">" -> order > 0;
        case "<" -> order < 0;
        case "prefix" -> found.equals(version) || found.startsWith(version + ".");
        default -> found.equals(version);
      };
    }
  }

  public VersionRange {
    bounds = List.copyOf(bounds);
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is none of the above
   */
  public static VersionRange parse(String text) {
    var bounds = new ArrayList<Bound>();
    Matcher matcher = BOUND.matcher(text.strip());
    int at = 0;
    String wanted = text.strip();
    while (at < wanted.length()) {
      matcher.region(at, wanted.length());
      if (!matcher.lookingAt()) {
        throw new IllegalArgumentException(
            "'" + text + "' is no range of versions: write 3.12.1, 3.12.* or >=3.11 <4");
      }
      add(bounds, matcher.group(1), matcher.group(2));
      at = matcher.end();
      while (at < wanted.length() && " ,".indexOf(wanted.charAt(at)) >= 0) {
        at++;
      }
    }
    return new VersionRange(wanted, bounds);
  }

  private static void add(
      List<Bound> bounds, @org.jspecify.annotations.Nullable String operator, String version) {
    if (version.equals("*")) {
      return;
    }
    if (version.endsWith(".*")) {
      bounds.add(new Bound("prefix", version.substring(0, version.length() - 2)));
    } else {
      bounds.add(new Bound(operator == null ? "=" : operator, version));
    }
  }

  /** Whether the version is wanted. */
  public boolean contains(String version) {
    return bounds.stream().allMatch(bound -> bound.holds(version));
  }

  private static int compare(String left, String right) {
    Matcher ours = PART.matcher(left);
    Matcher theirs = PART.matcher(right);
    while (true) {
      boolean more = ours.find();
      boolean moreThere = theirs.find();
      if (!more || !moreThere) {
        return Boolean.compare(more, moreThere);
      }
      int order = comparePart(ours.group(), theirs.group());
      if (order != 0) {
        return order;
      }
    }
  }

  private static int comparePart(String left, String right) {
    boolean numbers = Character.isDigit(left.charAt(0)) && Character.isDigit(right.charAt(0));
    return numbers
        ? new java.math.BigInteger(left).compareTo(new java.math.BigInteger(right))
        : left.compareTo(right);
  }

  @Override
  public String toString() {
    return text.isEmpty() ? "*" : text;
  }
}
