package dev.fanfare.protocol;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a caller names what to run: {@code name} (its {@code live} alias), {@code name:alias}, or
 * {@code name@revision} with at least the first six digits of the revision.
 */
public record FunctionReference(
    FunctionName name, Optional<String> alias, Optional<String> revisionPrefix) {
  /** The alias that a bare name means. */
  public static final String LIVE = "live";

  private static final Pattern ALIAS = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");
  private static final Pattern PREFIX = Pattern.compile("[0-9a-f]{6,64}");

  /**
   * Reads one of the three forms.
   *
   * @throws IllegalArgumentException if a part is not of its form
   */
  public static FunctionReference parse(String text) {
    int at = text.indexOf('@');
    if (at >= 0) {
      String prefix = text.substring(at + 1);
      if (!PREFIX.matcher(prefix).matches()) {
        throw new IllegalArgumentException("a revision is 6 to 64 digits of 0-9 and a-f");
      }
      return new FunctionReference(
          new FunctionName(text.substring(0, at)), Optional.empty(), Optional.of(prefix));
    }
    int colon = text.indexOf(':');
    if (colon >= 0) {
      return new FunctionReference(
          new FunctionName(text.substring(0, colon)),
          Optional.of(checkAlias(text.substring(colon + 1))),
          Optional.empty());
    }
    return new FunctionReference(new FunctionName(text), Optional.of(LIVE), Optional.empty());
  }

  /**
   * The alias, if it has an alias's form: 1 to 63 characters of a-z, 0-9 and '-'.
   *
   * @throws IllegalArgumentException if it has not
   */
  public static String checkAlias(String alias) {
    if (!ALIAS.matcher(alias).matches()) {
      throw new IllegalArgumentException(
          "an alias is 1 to 63 characters of a-z, 0-9 and '-' and starts with a letter or digit");
    }
    return alias;
  }
}
