package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class EventsTest {

  @Test
  void eventsAreReadAsTheyWereWritten() {
    var writer = new EventWriter();
    for (int i = 0; i < 300; i++) {
      byte[] item = new byte[i];
      Arrays.fill(item, (byte) i);
      writer.add(EventKind.BYTES, i * 1_000_003, item).credit(i, 1L << (i % 62));
    }
    writer.add(EventKind.END, 0);

    var reader = new EventReader(writer.take());

    for (int i = 0; i < 300; i++) {
      assertThat(reader.next()).isTrue();
      assertThat(reader.kind()).isEqualTo(EventKind.BYTES);
      assertThat(reader.channel()).isEqualTo(i * 1_000_003);
      byte[] item = new byte[i];
      Arrays.fill(item, (byte) i);
      assertThat(reader.content()).isEqualTo(item);
      assertThat(reader.next()).isTrue();
      assertThat(reader.credit()).isEqualTo(1L << (i % 62));
    }
    assertThat(reader.next()).isTrue();
    assertThat(reader.kind()).isEqualTo(EventKind.END);
    assertThat(reader.next()).isFalse();
    assertThat(writer.take()).isEmpty();
  }

  @Test
  void whatEndsEarlyOrIsNoEventIsRefused() {
    byte[][] wrong = {
      {7, 0, 0},
      {-1, 0, 0},
      {1},
      {1, 0},
      {1, 0, 5, 1},
      {1, -1, -1, -1, -1, -1, 0, 0},
      {1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 0},
      {1, 0, -1, -1, -1, -1, 7},
    };
    for (byte[] bytes : wrong) {
      assertThatThrownBy(() -> new EventReader(bytes).next()).isInstanceOf(MalformedEvents.class);
    }
    var credit = new EventReader(new byte[] {3, 0, 2, 1, 1});
    assertThat(credit.next()).isTrue();
    assertThatThrownBy(credit::credit).isInstanceOf(MalformedEvents.class);
  }

  @Test
  void randomBytesAreReadOrRefusedAndNothingElse() {
    var random = new Random(7);
    int refused = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(40)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = (byte) random.nextInt(8);
        bytes[1] = (byte) random.nextInt(3);
      }
      try (var pair = new StillPair()) {
        pair.client.received(bytes);
      } catch (MalformedEvents e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  /** A conversation whose events nobody carries. */
  private static final class StillPair implements AutoCloseable {
    private static final com.fasterxml.jackson.databind.ObjectMapper JSON =
        new com.fasterxml.jackson.databind.ObjectMapper().registerModule(new ChannelModule());

    final Conversation client =
        new Conversation(Conversation.Side.CLIENT, now -> {}, JSON, Runnable::run);

    @Override
    public void close() {
      client.finish();
    }
  }
}
