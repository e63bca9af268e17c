package dev.fanfare.sync;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * What a sync leaves alone, at both ends: names, or with a slash in them whole paths, as glob
 * patterns. What is excluded takes all below it along. Immutable.
 */
public final class Exclusion {
  private final List<PathMatcher> names;
  private final List<PathMatcher> paths;

  /**
   * These patterns: {@code *.log} excludes such names wherever they are, {@code build/cache} one
   * path, {@code docs/**.tmp} such paths.
   *
   * @throws IllegalArgumentException if one cannot be read
   */
  public Exclusion(List<String> patterns) {
    names = matchers(patterns.stream().map(Exclusion::trimmed).filter(one -> !isPath(one)));
    paths = matchers(patterns.stream().map(Exclusion::trimmed).filter(Exclusion::isPath));
  }

  private static String trimmed(String pattern) {
    String end = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
    if (end.isEmpty()) {
      throw new IllegalArgumentException("an empty pattern excludes nothing");
    }
    return end;
  }

  private static boolean isPath(String pattern) {
    return pattern.contains("/");
  }

  private static List<PathMatcher> matchers(Stream<String> patterns) {
    return patterns.map(Exclusion::matcher).toList();
  }

  private static PathMatcher matcher(String pattern) {
    try {
      String relative = pattern.startsWith("/") ? pattern.substring(1) : pattern;
      return FileSystems.getDefault().getPathMatcher("glob:" + relative);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "'" + pattern + "' is no pattern: " + e.getDescription(), e);
    }
  }

  /** Whether this path is excluded by itself; what is above it is to be asked for before. */
  public boolean matches(String path) {
    if (names.isEmpty() && paths.isEmpty()) {
      return false;
    }
    Path whole = Path.of(path);
    return names.stream().anyMatch(one -> one.matches(whole.getFileName()))
        || paths.stream().anyMatch(one -> one.matches(whole));
  }
}
