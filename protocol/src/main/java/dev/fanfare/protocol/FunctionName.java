package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A function's name, unique in its tenant: {@code [a-z0-9][a-z0-9.-]{0,62}}. */
public record FunctionName(@JsonValue String value) implements Comparable<FunctionName> {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9.-]{0,62}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public FunctionName {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a function's name is 1 to 63 characters of a-z, 0-9, '.' and '-' and starts with a"
              + " letter or digit");
    }
  }

  /** What names of the platform's own functions begin with; nobody deploys one. */
  public static final String RESERVED = "fanfare.";

  /** Whether the name is kept for the platform's own functions. */
  public boolean reserved() {
    return value.startsWith(RESERVED);
  }

  @Override
  public int compareTo(FunctionName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
