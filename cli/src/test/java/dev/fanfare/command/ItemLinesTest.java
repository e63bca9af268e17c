package dev.fanfare.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.util.RawValue;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ItemLinesTest {
  @Test
  void aValueInJsonTravelsAsItIsWritten() {
    for (String line : List.of("5", " 1.50", "1e5", "true", "{\"a\": 1}", "[1, 2]")) {
      assertThat(ItemLines.item(line))
          .isInstanceOfSatisfying(
              RawValue.class, raw -> assertThat(raw.rawValue()).isEqualTo(line));
    }
  }

  @Test
  void anyOtherLineIsText() {
    for (String line : List.of("", " ", "hello", "\"quoted\"", "null", "5 apples", "{")) {
      assertThat(ItemLines.item(line)).isEqualTo(line);
    }
  }
}
