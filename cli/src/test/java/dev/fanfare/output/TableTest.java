package dev.fanfare.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.terminal.Style;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void alignsColumnsAndLeavesNoBlanksAtTheEnd() {
    Table table = new Table("NAME", ">COUNT", "STATE");
    table.row("a", "1", "ok");
    table.row("longer", "12345", "-");

    assertThat(print(table, Style.PLAIN))
        .isEqualTo(
            """
            NAME    COUNT  STATE
            a           1  ok
            longer  12345  -
            """);
  }

  @Test
  void colourDoesNotCountAsWidth() {
    Table table = new Table("A", "B");
    table.row(Style.COLORED.red("xx"), "1");
    table.row("yyy", "2");

    assertThat(print(table, Style.PLAIN)).contains("\033[31mxx\033[0m   1").contains("yyy  2");
  }

  @Test
  void lineBreaksInACellDoNotBreakTheTable() {
    Table table = new Table("A");
    table.row("one\ntwo");

    assertThat(print(table, Style.PLAIN)).isEqualTo("A\none two\n");
  }

  @Test
  void aRowHasACellForEveryColumn() {
    assertThatThrownBy(() -> new Table("A", "B").row("1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String print(Table table, Style style) {
    var bytes = new ByteArrayOutputStream();
    table.print(new PrintStream(bytes, true, StandardCharsets.UTF_8), style);
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
