package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * The id of an immutable revision: the SHA-256 of its manifest, which names code and configuration.
 */
public record RevisionId(@JsonValue Sha256 hash) {

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static RevisionId parse(String hex) {
    return new RevisionId(new Sha256(hex));
  }

  /** The first 12 digits, for people. */
  public String brief() {
    return hash.brief();
  }

  @Override
  public String toString() {
    return hash.hex();
  }
}
