package dev.fanfare.burst;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.burst.Lines.Line;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTest {
  private final Lines lines = new Lines(10);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 100})
  void linesAreTheSameHoweverTheyComeInPieces(int piece) {
    byte[] bytes = "one\n\n  two \r\nthree".getBytes(UTF_8);
    for (int at = 0; at < bytes.length; at += piece) {
      lines.add(java.util.Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + piece)));
    }
    lines.end();

    assertThat(all()).containsExactly("1 one", "3 two", "4 three");
    assertThat(lines.finished()).isTrue();
  }

  @Test
  void aLineIsThereOnlyWithItsEnd() {
    lines.add("on".getBytes(UTF_8));
    assertThat(lines.next()).isEmpty();
    lines.add("e\nt".getBytes(UTF_8));
    assertThat(all()).containsExactly("1 one");
    assertThat(lines.exhausted()).isTrue();
    assertThat(lines.finished()).isFalse();
  }

  @Test
  void aLineOverTheLimitIsToldAndSkipped() {
    lines.add("0123456789\n01234567890\nnext\n".getBytes(UTF_8));

    assertThat(all()).containsExactly("1 0123456789", "2 too long", "3 next");
  }

  @Test
  void aLastLineOverTheLimitIsToldToo() {
    lines.add("01234567890".getBytes(UTF_8));
    lines.add("01234567890".getBytes(UTF_8));
    lines.end();

    assertThat(all()).containsExactly("1 too long");
    assertThat(lines.finished()).isTrue();
  }

  @Test
  void aByteOrderMarkIsLeftOut() {
    lines.add("\ufeff1\n".getBytes(UTF_8));

    assertThat(all()).containsExactly("1 1");
  }

  private List<String> all() {
    var all = new ArrayList<String>();
    for (List<Line> next = lines.next(); !next.isEmpty(); next = lines.next()) {
      switch (next.getFirst()) {
        case Line.Text text -> all.add(text.number() + " " + new String(text.bytes(), UTF_8));
        case Line.TooLong line -> all.add(line.number() + " too long");
      }
    }
    return all;
  }
}
