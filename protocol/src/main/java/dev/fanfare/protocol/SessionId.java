package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** One session of one worker, never used twice. */
public record SessionId(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]{26}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public SessionId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a session id is 26 base-32 characters");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
