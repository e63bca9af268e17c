package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** A worker's name, unique on the platform. */
public record WorkerId(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public WorkerId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "a worker's name is 1 to 63 characters of letters, digits, '.', '_' and '-' and starts"
              + " with a letter or digit");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
