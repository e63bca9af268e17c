package dev.fanfare.doctor;

import java.util.Locale;
import java.util.Optional;

/**
 * What one check found.
 *
 * @param detail what is there
 * @param advice what to do, where something is amiss
 */
public record Finding(String check, Health health, String detail, Optional<String> advice) {

  /** How bad it is. */
  public enum Health {
    OK,
    /** It works, but not as well as it could. */
    WARNING,
    /** Something needed does not work. */
    FAILED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Finding ok(String check, String detail) {
    return new Finding(check, Health.OK, detail, Optional.empty());
  }

  static Finding warning(String check, String detail, String advice) {
    return new Finding(check, Health.WARNING, detail, Optional.of(advice));
  }

  static Finding failed(String check, String detail, String advice) {
    return new Finding(check, Health.FAILED, detail, Optional.of(advice));
  }
}
