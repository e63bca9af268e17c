package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelClosed;
import dev.fanfare.function.ChannelFailed;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How channels end, and who learns what of it. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConversationEndsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ConversationPair pair = new ConversationPair();
  private final Channel<String, String> client = pair.client.first(String.class, String.class);
  private final Channel<String, String> function = pair.function.first(String.class, String.class);

  @AfterEach
  void end() {
    pair.close();
  }

  @Test
  void whatWasSentBeforeCloseArrives() {
    for (int i = 0; i < 100; i++) {
      client.send("item " + i);
    }
    client.close();
    client.close();
    for (int i = 0; i < 100; i++) {
      assertThat(function.receive(LONG)).isEqualTo("item " + i);
    }
    assertThat(function.receive()).isNull();
    assertThat(function.receive()).isNull();
    assertThat(client.receive()).isNull();
    assertThatThrownBy(() -> client.send("late"))
        .isInstanceOf(ChannelClosed.class)
        .hasMessageContaining("this end was ended or closed");
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> function.send("to nobody"))
                    .isInstanceOf(ChannelClosed.class)
                    .hasMessageContaining("the other end was closed"));
  }

  @Test
  void anEndLeavesTheOtherDirectionOpen() {
    client.send("1");
    client.end();
    assertThat(function.receive(LONG)).isEqualTo("1");
    assertThat(function.receive()).isNull();
    function.send("sum 1");
    function.end();
    assertThat(client.receive(LONG)).isEqualTo("sum 1");
    assertThat(client.receive()).isNull();
  }

  @Test
  void anErrorComesOnceBehindTheItemsBeforeItAndThenTheEnd() {
    function.send("before");
    function.closeWithError(new IllegalStateException("broken inside"));
    assertThat(client.receive(LONG)).isEqualTo("before");
    assertThatThrownBy(client::receive)
        .isInstanceOfSatisfying(
            ChannelFailed.class,
            failed -> {
              assertThat(failed.type()).isEqualTo("java.lang.IllegalStateException");
              assertThat(failed.remoteMessage()).isEqualTo("broken inside");
              assertThat(failed.remoteStack()).contains("ConversationEndsTest");
            });
    assertThat(client.receive()).isNull();
    assertThat(client.iterator().hasNext()).isFalse();
    assertThatThrownBy(() -> client.send("after"))
        .isInstanceOf(ChannelClosed.class)
        .hasMessageContaining("broken inside")
        .hasCauseInstanceOf(ChannelFailed.class);
  }

  @Test
  void theInvocationsFailureFailsEveryChannelThatHasNotEnded() {
    Channel<String, String> more = client.open(String.class, String.class);
    function.send("before");
    await().until(() -> receivable(client));
    var fault = new RemoteFault("timed-out", "timed-out", "after 1 s", "");
    pair.client.otherSideFailed(fault);
    assertThat(client.receive()).isEqualTo("before");
    for (Channel<String, String> channel : List.of(client, more)) {
      assertThatThrownBy(channel::receive)
          .isInstanceOf(ChannelFailed.class)
          .hasMessage("timed-out: after 1 s");
      assertThat(channel.receive()).isNull();
    }
    assertThatThrownBy(() -> client.open(String.class, String.class))
        .isInstanceOf(ChannelClosed.class);
  }

  private static boolean receivable(Channel<String, String> channel) {
    // Nothing is taken: the end knows items that came by what a look without types would find.
    return channel instanceof End<?, ?> end && end.waiting() > 0;
  }

  @Test
  void thoseWhoWaitWakeWhenTheOtherEndIsLost() throws Exception {
    var receiver = new CompletableFuture<String>();
    Future<?> waits = pair.beside(() -> receiver.complete(String.valueOf(function.receive())));
    Future<?> sender =
        pair.beside(
            () -> {
              while (true) {
                function.send("x".repeat(10_000));
              }
            });
    await().until(() -> client instanceof End<?, ?> end && end.waiting() > 20);
    pair.function.otherSideEnded("the client went away");
    assertThat(receiver.get()).isEqualTo("null");
    waits.get();
    assertThatThrownBy(sender::get)
        .cause()
        .isInstanceOf(ChannelClosed.class)
        .hasMessageContaining("the client went away");
  }

  @Test
  void thoseWhoWaitWakeWhenTheirOwnEndIsClosed() throws Exception {
    var receiver = new CompletableFuture<String>();
    Future<?> waits = pair.beside(() -> receiver.complete(String.valueOf(client.receive())));
    client.close();
    assertThat(receiver.get()).isEqualTo("null");
    waits.get();
  }

  @Test
  void finishingTellsTheOtherSideBehindAllThatWasSent() {
    function.send("last words");
    pair.function.finish();
    assertThat(client.receive(LONG)).isEqualTo("last words");
    assertThat(client.receive()).isNull();
    await()
        .untilAsserted(
            () -> assertThatThrownBy(() -> client.send("?")).isInstanceOf(ChannelClosed.class));
  }
}
