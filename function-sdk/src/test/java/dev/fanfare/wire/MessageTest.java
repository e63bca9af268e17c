package dev.fanfare.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
  private final MessageWriter writer = new MessageWriter();

  @Test
  void itemsAreReadAsTheyWereWritten() {
    writer.begin(MessageKind.ITEMS).number(1_000_000);
    for (int i = 0; i < 500; i++) {
      byte[] item = new byte[i];
      Arrays.fill(item, (byte) i);
      writer.entry(item, 0, i);
    }

    var reader = new MessageReader(writer.copy());

    assertThat(reader.kind()).isEqualTo(MessageKind.ITEMS);
    assertThat(reader.number()).isEqualTo(1_000_000);
    for (int i = 0; i < 500; i++) {
      assertThat(reader.entry())
          .hasSize(i)
          .containsOnly(i == 0 ? new byte[0] : new byte[] {(byte) i});
    }
    assertThat(reader.hasMore()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(ResultKind.class)
  void resultsAreReadAsTheyWereWritten(ResultKind kind) {
    writer.begin(MessageKind.RESULTS).result(7, kind, new byte[] {1, 2});

    var reader = new MessageReader(writer.copy());

    assertThat(reader.number()).isEqualTo(7);
    assertThat(reader.resultKind()).isEqualTo(kind);
    assertThat(reader.entry()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 127, 128, 300, 1L << 40, Long.MAX_VALUE})
  void numbersAreReadAsTheyWereWritten(long number) {
    assertThat(new MessageReader(writer.begin(MessageKind.END).number(number).copy()).number())
        .isEqualTo(number);
  }

  @Test
  void aTextIsTheRestOfItsMessage() {
    byte[] message = writer.begin(MessageKind.CANCEL).rest("genug für heute").copy();

    assertThat(new MessageReader(message).text()).isEqualTo("genug für heute");
  }

  @Test
  void aWriterCanBeginAgain() {
    writer.begin(MessageKind.END).number(5);
    writer.begin(MessageKind.CANCEL).rest("x");

    assertThat(writer.length()).isEqualTo(2);
    assertThat(writer.view().remaining()).isEqualTo(2);
  }

  @Test
  void whatIsCutShortIsMalformed() {
    byte[] whole =
        writer
            .begin(MessageKind.ITEMS)
            .number(300)
            .entry("item".getBytes(StandardCharsets.UTF_8), 0, 4)
            .copy();
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(
              () -> {
                var reader = new MessageReader(cut);
                reader.number();
                reader.entry();
              })
          .isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void unknownKindsAndEndlessNumbersAreMalformed() {
    assertThatThrownBy(() -> new MessageReader(new byte[] {99}))
        .isInstanceOf(MalformedMessage.class);
    assertThatThrownBy(() -> new MessageReader(new byte[] {-1}))
        .isInstanceOf(MalformedMessage.class);
    byte[] endless = new byte[20];
    Arrays.fill(endless, (byte) 0xff);
    endless[0] = 2;
    assertThatThrownBy(() -> new MessageReader(endless).number())
        .isInstanceOf(MalformedMessage.class);
  }
}
