package dev.fanfare.demo;

import dev.fanfare.output.Table;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.util.List;

/** Tells a story in numbered steps. */
final class Narrator {
  private static final String INDENT = "   ";

  private final Shell shell;
  private final Style style;
  private int step;

  Narrator(Shell shell) {
    this.shell = shell;
    this.style = shell.style(Stream.OUT);
  }

  /** Begins a step. */
  void step(String heading) {
    step++;
    shell.out().println();
    shell.out().println(style.bold(step + "  " + heading));
  }

  /** What one would type. */
  void command(String text) {
    say(style.cyan("$ " + text));
  }

  /** What came of it. */
  void result(String text) {
    say(style.bold(text));
  }

  void say(String text) {
    shell.out().println(INDENT + text);
  }

  /** Words, on as many lines as they need. */
  void words(List<String> words) {
    var line = new StringBuilder();
    for (String word : words) {
      if (!line.isEmpty() && INDENT.length() + line.length() + 1 + word.length() > shell.width()) {
        say(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    say(line.toString());
  }

  /** A table whose first column is indented like everything else. */
  void table(Table table) {
    table.print(shell.out(), style);
  }

  /** Leaves a line empty. */
  void gap() {
    shell.out().println();
  }
}
