package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * One process of the platform (a cluster member): the id of its data folder, the same at every
 * start.
 */
public record NodeId(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9-]{1,63}");

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public NodeId {
    if (!FORM.matcher(value).matches()) {
      throw new IllegalArgumentException("a node id is 1 to 63 characters of a-z, 0-9 and '-'");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
