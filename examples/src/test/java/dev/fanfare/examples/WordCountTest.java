package dev.fanfare.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class WordCountTest {

  @Test
  void wordsAreCountedWhateverTheirCase() throws IOException {
    var counted = count("One two, two!\nThree three THREE\n\nÄpfel äpfel");
    assertThat(counted.lines()).isEqualTo(4);
    assertThat(counted.words()).isEqualTo(8);
    assertThat(counted.distinct()).isEqualTo(4);
    assertThat(counted.top())
        .isEqualTo(
            List.of(
                new WordCount.Word("three", 3),
                new WordCount.Word("two", 2),
                new WordCount.Word("äpfel", 2),
                new WordCount.Word("one", 1)));
  }

  @Test
  void onlyTheTenMostFrequentAreNamed() throws IOException {
    assertThat(count("a b c d e f g h i j k l").top()).hasSize(10);
  }

  @Test
  void anEmptyTextHasNothing() throws IOException {
    assertThat(count("")).isEqualTo(new WordCount.Counted(0, 0, 0, List.of()));
  }

  private static WordCount.Counted count(String text) throws IOException {
    return new WordCount().wordCount(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }
}
