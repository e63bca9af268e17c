package dev.fanfare.deploy;

import java.util.regex.Pattern;

/**
 * What can be told of a source from its text alone. Comments, texts and characters are skipped;
 * nothing is compiled.
 */
final class SourceOutline {
  private static final Pattern MAIN_WITH_CHANNEL =
      Pattern.compile("\\bvoid\\s+main\\s*\\([^{};]*?\\bChannel\\s*<[^{};]*\\{");

  private final String source;
  private final StringBuilder code = new StringBuilder();
  private int at;

  private SourceOutline(String source) {
    this.source = source;
  }

  /** Whether it has a {@code main} that takes a {@code Channel}. */
  static boolean hasChannel(String source) {
    var outline = new SourceOutline(source);
    outline.read();
    return MAIN_WITH_CHANNEL.matcher(outline.code).find();
  }

  private void read() {
    while (at < source.length()) {
      if (begins("//")) {
        skipTo("\n", 2);
      } else if (begins("/*")) {
        skipTo("*/", 2);
      } else if (begins("\"\"\"")) {
        skipTo("\"\"\"", 3);
      } else if (begins("\"") || begins("'")) {
        skipTo(source.substring(at, at + 1), 1);
      } else {
        code.append(source.charAt(at++));
      }
    }
  }

  private boolean begins(String mark) {
    return source.startsWith(mark, at);
  }

  /** Moves behind the next such mark that no backslash escapes; a comment knows no escapes. */
  private void skipTo(String end, int begin) {
    boolean escapes = end.startsWith("\"") || end.equals("'");
    at += begin;
    while (at < source.length() && !begins(end)) {
      at += escapes && begins("\\") ? 2 : 1;
    }
    at += end.length();
    code.append(' ');
  }
}
