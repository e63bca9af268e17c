package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelClosed;
import dev.fanfare.function.ChannelException;
import dev.fanfare.function.ChannelFailed;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What passes between the two ends of channels, and what holds it back. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ConversationTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final ConversationPair pair = new ConversationPair();
  private final Channel<String, String> client = pair.client.first(String.class, String.class);
  private final Channel<String, String> function = pair.function.first(String.class, String.class);

  @AfterEach
  void end() {
    pair.close();
  }

  @Test
  void itemsArriveInOrderInBothDirections() throws Exception {
    Future<?> echo =
        pair.beside(
            () -> {
              for (String item : function) {
                function.send(item + "!");
              }
              function.end();
            });
    for (int i = 0; i < 10_000; i++) {
      client.send("n " + i);
      assertThat(client.receive(LONG)).isEqualTo("n " + i + "!");
    }
    client.end();
    assertThat(client.receive()).isNull();
    echo.get();
  }

  @Test
  void twoMillionItemsPassOneWay() throws Exception {
    int count = 2_000_000;
    try (var numbers = new ConversationPair()) {
      Channel<Integer, Integer> from = numbers.client.first(Integer.class, Integer.class);
      Channel<Integer, Integer> to = numbers.function.first(Integer.class, Integer.class);
      Future<?> sender =
          numbers.beside(
              () -> {
                IntStream.range(0, count).forEach(from::send);
                from.close();
              });
      int next = 0;
      for (int item : to) {
        if (item != next++) {
          throw new AssertionError("got " + item + " where " + (next - 1) + " was to come");
        }
      }
      assertThat(next).isEqualTo(count);
      sender.get();
    }
  }

  @Test
  void aReaderThatStopsHoldsTheSenderBackWithinTheWindow() {
    var sent = new AtomicInteger();
    var item = "x".repeat(998); // a thousand bytes with its quotes
    Future<?> sender =
        pair.beside(
            () -> {
              while (true) {
                client.send(item);
                sent.incrementAndGet();
              }
            });
    int most = (int) (Window.FIRST / Window.cost(1_000)) + 1;
    await().until(() -> sent.get() == most);
    assertThat(function.receive(LONG)).isEqualTo(item);
    assertThat(sender).isNotDone();
    assertThat(sent.get()).isEqualTo(most);
    function.close();
    assertThatThrownBy(sender::get).cause().isInstanceOf(ChannelClosed.class);
    assertThat(sent.get()).isBetween(most, most + 1);
  }

  @Test
  void theWindowGrowsForAReaderThatKeepsUpAndNoFurther() {
    var window = new Window();
    long room = Window.FIRST;
    for (int i = 0; i < 10_000; i++) {
      assertThat(window.arrived(10_000)).isTrue();
      room += window.taken(10_000) - Window.cost(10_000);
    }
    assertThat(room).isBetween(Window.LARGEST * 3 / 4, Window.LARGEST);
  }

  @Test
  void aLargeItemPassesThoughItIsMoreThanTheWindow() throws Exception {
    try (var bytes = new ConversationPair()) {
      Channel<byte[], byte[]> from = bytes.client.first(byte[].class, byte[].class);
      Channel<byte[], byte[]> to = bytes.function.first(byte[].class, byte[].class);
      Future<?> sender =
          bytes.beside(
              () -> {
                for (int i = 0; i < 5; i++) {
                  from.send(new byte[Channel.LARGEST_ITEM]);
                }
                from.end();
              });
      for (int i = 0; i < 5; i++) {
        assertThat(to.receive(LONG)).hasSize(Channel.LARGEST_ITEM);
      }
      assertThat(to.receive()).isNull();
      sender.get();
      assertThatThrownBy(() -> to.send(new byte[Channel.LARGEST_ITEM + 1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("send it in pieces");
    }
  }

  @Test
  void aWaitThatIsOverLosesNothing() {
    assertThatThrownBy(() -> client.receive(Duration.ZERO))
        .isInstanceOf(ChannelException.TimedOut.class);
    assertThatThrownBy(() -> client.receive(Duration.ofMillis(5)))
        .isInstanceOf(ChannelException.TimedOut.class)
        .hasMessageContaining("5 ms");
    function.send("late");
    assertThat(client.receive(LONG)).isEqualTo("late");
  }

  @Test
  void anInterruptWakesWhoWaits() throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    var thread =
        new Thread(
            () -> {
              try {
                client.receive();
              } catch (ChannelException.Interrupted e) {
                thrown.complete(Thread.interrupted() ? e : new AssertionError("no flag"));
              }
            });
    thread.start();
    thread.interrupt();
    assertThat(thrown.get()).isInstanceOf(ChannelException.Interrupted.class);
  }

  @Test
  void callbacksHearItemsInOrderAndTheEndOnce() {
    var heard = new CopyOnWriteArrayList<String>();
    client.send("early");
    function.onMessage(heard::add, failure -> heard.add("end " + failure));
    client.send("late");
    client.close();
    await().until(() -> heard.size() == 3);
    assertThat(heard).containsExactly("early", "late", "end null");
    assertThatThrownBy(function::receive).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> function.onMessage(item -> {}, failure -> {}))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aCallbackHearsTheErrorBehindTheItems() {
    var heard = new CopyOnWriteArrayList<String>();
    function.send("one");
    function.closeWithError("enough");
    client.onMessage(heard::add, failure -> heard.add(failure.getMessage()));
    await().until(() -> heard.size() == 2);
    assertThat(heard).containsExactly("one", "closed-with-error: enough");
  }

  @Test
  void aCallbackThatThrowsClosesTheChannelWithItsError() throws Exception {
    var end = new CompletableFuture<Throwable>();
    function.onMessage(
        item -> {
          throw new IllegalArgumentException("not " + item);
        },
        end::complete);
    client.send("this");
    assertThat(end.get()).hasMessage("not this");
    assertThatThrownBy(() -> client.receive(LONG))
        .isInstanceOf(ChannelFailed.class)
        .hasMessageContaining("not this");
    pair.function.awaitCallbacks();
  }

  @Test
  void anItemThatDoesNotFitIsToldAndTheChannelGoesOn() {
    try (var typed = new ConversationPair()) {
      Channel<String, String> texts = typed.client.first(String.class, String.class);
      Channel<Integer, Integer> numbers = typed.function.first(Integer.class, Integer.class);
      texts.send("seven");
      texts.send("7");
      assertThatThrownBy(() -> numbers.receive(LONG))
          .isInstanceOf(ChannelException.Misfit.class)
          .hasMessageContaining("java.lang.Integer");
      assertThat(numbers.receive(LONG)).isEqualTo(7);
      numbers.send(8);
      assertThat(texts.receive(LONG)).isEqualTo("8");
    }
  }

  record Job(String name, Channel<Integer, String> progress) {}

  record Accepted(String name, Channel<String, Integer> progress) {}

  @Test
  void channelsTravelInsideItems() throws Exception {
    try (var jobs = new ConversationPair()) {
      Channel<String, Job> submit = jobs.client.first(String.class, Job.class);
      Channel<Accepted, String> accept = jobs.function.first(Accepted.class, String.class);
      Future<?> worker =
          jobs.beside(
              () -> {
                for (Accepted job : accept) {
                  IntStream.range(0, 1_000).forEach(job.progress()::send);
                  job.progress().send(job.progress().receive().length());
                  job.progress().close();
                }
              });
      for (int n = 0; n < 10; n++) {
        Channel<Integer, String> progress = submit.open(Integer.class, String.class);
        progress.send("four");
        submit.send(new Job("job " + n, progress));
        for (int i = 0; i < 1_000; i++) {
          assertThat(progress.receive()).isEqualTo(i);
        }
        assertThat(progress.receive()).isEqualTo(4);
        assertThat(progress.receive()).isNull();
        assertThatThrownBy(() -> submit.send(new Job("again", progress)))
            .hasMessageContaining("only once");
      }
      submit.close();
      worker.get();
    }
  }

  @Test
  void manyChannelsOneAfterTheOtherLeaveNothingBehind() {
    try (var jobs = new ConversationPair()) {
      Channel<String, Job> submit = jobs.client.first(String.class, Job.class);
      Channel<Accepted, String> accept = jobs.function.first(Accepted.class, String.class);
      for (int n = 0; n < 3 * Conversation.MOST_CHANNELS; n++) {
        Channel<Integer, String> progress = submit.open(Integer.class, String.class);
        submit.send(new Job("job", progress));
        Channel<String, Integer> far = accept.receive(LONG).progress();
        far.send(n);
        far.close();
        assertThat(progress.receive(LONG)).isEqualTo(n);
        assertThat(progress.receive()).isNull();
        progress.close();
      }
    }
  }

  @Test
  void aSideThatBreaksTheWindowIsNotBelieved() {
    var flood = new EventWriter();
    for (int i = 0; i < 5; i++) {
      flood.add(EventKind.JSON, 0, new byte[100_000]);
    }
    assertThatThrownBy(() -> pair.function.received(flood.take()))
        .isInstanceOf(MalformedEvents.class)
        .hasMessageContaining("no room");
    assertThatThrownBy(() -> pair.client.received(new EventWriter().add(EventKind.OPEN, 2).take()))
        .isInstanceOf(MalformedEvents.class);
  }
}
