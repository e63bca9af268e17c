package dev.fanfare.function;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Turns Java names into the names people type: {@code resizeAll} into {@code resize-all}, {@code
 * HTTPGet} into {@code http-get}, {@code TOO_LATE} into {@code too-late}. Functions without a name
 * of their own are called so, and the classes of a sealed type in its {@code type} field.
 */
public final class KebabCase {
  private static final Pattern BORDER =
      Pattern.compile("(?<=[\\p{Ll}\\p{Nd}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})|[_$]+");

  private KebabCase() {}

  /** The name in kebab case; borders are humps, underscores and dollar signs. */
  public static String of(String javaName) {
    String dashed = BORDER.matcher(javaName).replaceAll("-");
    return dashed.replaceAll("-{2,}", "-").replaceAll("^-|-$", "").toLowerCase(Locale.ROOT);
  }
}
