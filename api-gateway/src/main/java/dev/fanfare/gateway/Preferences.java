package dev.fanfare.gateway;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * What the caller prefers (RFC 7240): not to wait at all, or not longer than some seconds. Unknown
 * preferences are ignored.
 *
 * @param atMost how long to wait, at most {@link #LONGEST_WAIT}
 */
record Preferences(boolean respondAsync, Optional<Duration> atMost) {
  static final Preferences NONE = new Preferences(false, Optional.empty());
  static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  static Preferences read(MultiMap headers) {
    if (!headers.contains(Names.PREFER)) {
      return NONE;
    }
    boolean respondAsync = false;
    Optional<Duration> atMost = Optional.empty();
    for (String header : headers.getAll(Names.PREFER)) {
      for (String part : header.split("[,;]", -1)) {
        String preference = part.strip().toLowerCase(Locale.ROOT);
        if (preference.equals("respond-async")) {
          respondAsync = true;
        } else if (preference.startsWith("wait=")) {
          atMost = Optional.of(seconds(preference.substring("wait=".length()).strip()));
        }
      }
    }
    return new Preferences(respondAsync, atMost);
  }

  /** Whether the caller said anything that is understood here. */
  boolean asked() {
    return respondAsync || atMost.isPresent();
  }

  /** What was applied, for the answer's header. */
  String applied() {
    return atMost.map(w -> "wait=" + w.toSeconds()).orElse("respond-async");
  }

  private static Duration seconds(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw new Refused(
          Problem.badRequest("Prefer: wait= takes whole seconds, not '" + text + "'"));
    }
    Duration wait = Duration.ofSeconds(Long.parseLong(text));
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }
}
