package dev.fanfare.protocol;

/** The names people type for Java's names, as {@link dev.fanfare.function.KebabCase} makes them. */
public final class KebabCase {
  private KebabCase() {}

  /** The name in kebab case. */
  public static String of(String javaName) {
    return dev.fanfare.function.KebabCase.of(javaName);
  }
}
