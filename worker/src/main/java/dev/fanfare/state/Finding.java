package dev.fanfare.state;

import java.util.Optional;

/**
 * What was found of one declared thing.
 *
 * @param name its kind and name: {@code tool.python3}
 * @param found what was found, {@value #MISSING} where there is none
 * @param wanted what was declared instead, where that differs
 */
public record Finding(String name, String found, Optional<String> wanted) {
  /** What stands for something that is not there. */
  public static final String MISSING = "missing";

  /** In words: {@code tool python3 3.11.2, wanted 3.12.1}. */
  public String words() {
    return name.replaceFirst("\\.", " ")
        + " "
        + found
        + wanted.map(w -> ", wanted " + w).orElse("");
  }
}
