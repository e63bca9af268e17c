package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One demand on a worker's label: {@code gpu=a100}, {@code gpu!=a100}, {@code zone in (a,b)},
 * {@code zone notin (a,b)}, {@code java>=21}, {@code cpus<=64}, or a bare name for "has it".
 * Numbers compare as numbers; a worker without the label meets only {@code !=} and {@code notin}.
 */
public record Constraint(String label, Operator operator, List<String> values) {
  private static final Pattern SET =
      Pattern.compile("([\\w.-]{1,63})\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern COMPARED =
      Pattern.compile("([\\w.-]{1,63})\\s*(>=|<=|!=|=)\\s*([\\w.:/+ -]{1,128})");
  private static final Pattern BARE = Pattern.compile("[\\w.-]{1,63}");

  /** How label and value must stand to each other. */
  public enum Operator {
    EXISTS(""),
    IN("in"),
    NOT_IN("notin"),
    EQUAL("="),
    NOT_EQUAL("!="),
    AT_LEAST(">="),
    AT_MOST("<=");

    private final String symbol;

    Operator(String symbol) {
      this.symbol = symbol;
    }

    private static Operator of(String symbol) {
      return Arrays.stream(values()).filter(o -> o.symbol.equals(symbol)).findFirst().orElseThrow();
    }
  }

  public Constraint {
    values = List.copyOf(values);
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is none of the forms above
   */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Constraint parse(String text) {
    String trimmed = text.strip();
    Matcher set = SET.matcher(trimmed);
    if (set.matches()) {
      List<String> values = Arrays.stream(set.group(3).split(",", -1)).map(String::strip).toList();
      return new Constraint(set.group(1), Operator.of(set.group(2)), values);
    }
    Matcher compared = COMPARED.matcher(trimmed);
    if (compared.matches()) {
      Operator operator = Operator.of(compared.group(2));
      String value = compared.group(3).strip();
      if (operator == Operator.AT_LEAST || operator == Operator.AT_MOST) {
        number(value);
      }
      return new Constraint(compared.group(1), operator, List.of(value));
    }
    if (BARE.matcher(trimmed).matches()) {
      return new Constraint(trimmed, Operator.EXISTS, List.of());
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no constraint: write gpu=a100, zone in (a,b), java>=21 or a label's name");
  }

  /** Whether a worker with these labels meets this demand. */
  public boolean metBy(Labels labels) {
    String have = labels.values().get(label);
    if (have == null) {
      return operator == Operator.NOT_EQUAL || operator == Operator.NOT_IN;
    }
    return switch (operator) {
      case EXISTS -> true;
      case EQUAL, IN -> values.contains(have);
      case NOT_EQUAL, NOT_IN -> !values.contains(have);
      case AT_LEAST -> compare(have) >= 0;
      case AT_MOST -> compare(have) <= 0;
    };
  }

  @JsonValue
  @Override
  public String toString() {
    return switch (operator) {
      case EXISTS -> label;
      case IN, NOT_IN -> label + " " + operator.symbol + " (" + String.join(",", values) + ")";
      case EQUAL, NOT_EQUAL, AT_LEAST, AT_MOST -> label + operator.symbol + values.getFirst();
    };
  }

  private int compare(String have) {
    double wanted = number(values.getFirst());
    try {
      return Double.compare(number(have), wanted);
    } catch (IllegalArgumentException e) {
      return operator == Operator.AT_LEAST ? -1 : 1;
    }
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return ByteSizes.parse(text);
    }
  }
}
