package dev.fanfare.key;

import java.time.Instant;
import java.util.Optional;

/**
 * A new key.
 *
 * @param text what its holder shows; exists only here, the platform keeps a hash
 */
public record Issued(String id, String text, Optional<Instant> expiresAt) {
  @Override
  public String toString() {
    return "Issued[" + id + "]";
  }
}
