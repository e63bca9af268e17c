package dev.fanfare.capture;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CaptureTest {
  private final List<LogLine> lines = new ArrayList<>();
  private final Capture capture = new Capture(new InvocationId(1, 2), 3, lines::add);

  private void out(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    capture.write(false, bytes, 0, bytes.length);
  }

  @Test
  void linesAreCutAtTheirEndsWhateverTheirEndsAre() {
    out("one\ntw");
    out("o\r\n\nthree");
    capture.end();
    assertThat(lines).extracting(LogLine::text).containsExactly("one", "two", "", "three");
    assertThat(lines).extracting(LogLine::sequence).containsExactly(1, 2, 3, 4);
  }

  @Test
  void anEndlessLineIsCutAndTheNextOneIsWhole() {
    for (int i = 0; i < 100; i++) {
      out("ä".repeat(10_000));
    }
    out("\nnext\n");
    capture.end();
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst().text()).hasSize(LogLine.TEXT_LIMIT).endsWith("ä…");
    assertThat(lines.getLast().text()).isEqualTo("next");
  }

  @Test
  void tooManyLinesAreCountedInTheLast() {
    for (int i = 0; i < 5_000; i++) {
      out("line " + i + "\n");
    }
    capture.end();
    assertThat(lines).hasSize(LogLine.LINES_PER_ATTEMPT);
    assertThat(lines.getLast().sequence()).isEqualTo(LogLine.LINES_PER_ATTEMPT);
    assertThat(lines.getLast().text()).startsWith("4001 more lines with ");
  }

  @Test
  void tooMuchTextIsCountedInTheLastLine() {
    for (int i = 0; i < 100; i++) {
      out("w".repeat(8_000) + "\n");
    }
    capture.end();
    assertThat(lines.stream().mapToInt(line -> line.text().length()).sum())
        .isLessThan(LogLine.CHARACTERS_PER_ATTEMPT + 200);
    assertThat(lines.getLast().text()).startsWith("68 more lines with ");
  }

  @Test
  void afterTheEndNothingIsTaken() {
    capture.end();
    out("late\n");
    new CapturedLogger(capture, "x").log(System.Logger.Level.INFO, "late");
    assertThat(lines).isEmpty();
  }

  @Test
  void loggersKeepLevelAndStack() {
    var logger = new CapturedLogger(capture, "x");
    logger.log(System.Logger.Level.WARNING, "is {0}", 5);
    logger.log(System.Logger.Level.ERROR, "bad", new IllegalStateException("why"));
    logger.log(System.Logger.Level.INFO, "{not a pattern");
    assertThat(lines).extracting(LogLine::level).containsExactly("WARNING", "ERROR", "INFO");
    assertThat(lines.get(0).text()).isEqualTo("is 5");
    assertThat(lines.get(1).text()).startsWith("bad\njava.lang.IllegalStateException: why\n");
    assertThat(lines.get(2).text()).isEqualTo("{not a pattern");
  }
}
