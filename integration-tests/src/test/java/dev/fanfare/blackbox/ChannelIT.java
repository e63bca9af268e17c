package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FunctionFailed;
import dev.fanfare.client.OpenChannel;
import dev.fanfare.client.Refused;
import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelClosed;
import dev.fanfare.function.ChannelFailed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Channels with functions, through the launcher: gateway, worker and runtime. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ChannelIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir static Path home;
  private static Platform platform;
  private static Fanfare fanfare;

  record Row(int number, String text) {}

  record Report(String name, Channel<Integer, String> progress) {}

  @BeforeAll
  static void start() {
    platform = Platform.up(home, "--slots", "4");
    platform.deploy(ChannelFunctions.jar(home));
    fanfare = Fanfare.connect(platform.url(), platform.key());
  }

  @AfterAll
  static void stop() {
    fanfare.close();
    platform.close();
  }

  @Test
  void aFunctionAnswersEachItem() {
    try (var echo = fanfare.open("echo", String.class, String.class)) {
      for (int i = 0; i < 1_000; i++) {
        echo.send("ping " + i);
        assertThat(echo.receive(LONG)).isEqualTo("ping " + i);
      }
      echo.end();
      assertThat(echo.receive(LONG)).isNull();
      assertThat(echo.awaitEnd(LONG)).isTrue();
    }
  }

  @Test
  void aHundredThousandItemsArriveInOrderEitherWay() {
    var range = Map.of("from", 5, "to", 100_005);
    try (var rows = fanfare.open("count", Row.class, String.class, range)) {
      int next = 5;
      for (Row row : rows) {
        assertThat(row.number()).isEqualTo(next++);
      }
      assertThat(next).isEqualTo(100_005);
    }
    try (var sum = fanfare.open("sum", Long.class, Integer.class)) {
      for (int i = 0; i < 100_000; i++) {
        sum.send(i);
      }
      sum.end();
      assertThat(sum.receive(LONG)).isEqualTo(4_999_950_000L);
      assertThat(sum.receive(LONG)).isNull();
    }
  }

  @Test
  void theErrorComesOnceBehindWhatWasSentWithItsRemoteStack() {
    var breaks = fanfare.open("breaks", String.class, String.class);
    for (int i = 0; i < 10; i++) {
      assertThat(breaks.receive(LONG)).isEqualTo("item " + i);
    }
    assertThatThrownBy(() -> breaks.receive(LONG))
        .isInstanceOfSatisfying(
            ChannelFailed.class,
            failed -> {
              assertThat(failed.code()).isEqualTo("user-fault");
              assertThat(failed.remoteMessage()).isEqualTo("broken after ten");
              assertThat(failed.remoteStack()).contains("Talking.breaks");
            });
    assertThat(breaks.receive()).isNull();
    assertThatThrownBy(() -> breaks.send("more")).isInstanceOf(ChannelClosed.class);
    assertThatThrownBy(() -> breaks.awaitEnd(LONG)).isInstanceOf(FunctionFailed.class);
  }

  @Test
  void bytesOfAnySizeComeBackEqual() {
    try (var bytes = fanfare.open("bytes", byte[].class, byte[].class)) {
      for (int size : new int[] {0, 1, 65_536, 3 << 20, Channel.LARGEST_ITEM}) {
        byte[] item = new byte[size];
        new java.util.Random(size).nextBytes(item);
        bytes.send(item);
        assertThat(bytes.receive(LONG)).isEqualTo(item);
      }
    }
  }

  @Test
  void aReaderThatStopsHoldsTheFunctionBack() {
    Path file = home.resolve("flood");
    var flood = fanfare.open("flood", byte[].class, String.class, Map.of("file", file.toString()));
    long most = (1 << 20) / 1_000 + 1;
    Awaitility.await().atMost(LONG).until(() -> number(file) >= (256 << 10) / 1_032);
    Awaitility.await()
        .during(Duration.ofMillis(500))
        .atMost(LONG)
        .until(() -> number(file) <= most);
    flood.cancel();
    awaitNothingRuns(platform);
  }

  private static long number(Path file) {
    try {
      String text = Files.exists(file) ? Files.readString(file) : "";
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aClientThatGoesAwayInterruptsTheFunctionAndFreesItsSlot() {
    Path file = home.resolve("waits");
    var waits = fanfare.open("waits", String.class, String.class, Map.of("file", file.toString()));
    assertThat(waits.receive(LONG)).isEqualTo("here");
    waits.cancel();
    assertThatThrownBy(waits::receive).isInstanceOf(ChannelFailed.class);
    Awaitility.await().atMost(LONG).until(() -> Files.exists(file));
    awaitNothingRuns(platform);
  }

  @Test
  void aClientThatClosesLetsTheFunctionFinish() throws Exception {
    Path file = home.resolve("closed");
    try (var waits =
        fanfare.open("waits", String.class, String.class, Map.of("file", file.toString()))) {
      assertThat(waits.receive(LONG)).isEqualTo("here");
    }
    assertThat(Files.readString(file)).isEqualTo("ended");
  }

  @Test
  void aFunctionThatTakesTooLongIsStoppedAndTheClientToldBehindWhatItSent() {
    var late = fanfare.open("late", String.class, String.class);
    assertThat(late.receive(LONG)).isEqualTo("soon");
    assertThatThrownBy(() -> late.receive(LONG))
        .isInstanceOf(ChannelFailed.class)
        .hasMessageContaining("timed-out");
    awaitNothingRuns(platform);
  }

  @Test
  void channelsTravelInsideItems() {
    try (var reports = fanfare.open("reports", String.class, Report.class)) {
      for (int n = 0; n < 5; n++) {
        Channel<Integer, String> progress = reports.open(Integer.class, String.class);
        reports.send(new Report("job " + n, progress));
        for (int i = 0; i < 100; i++) {
          assertThat(progress.receive(LONG)).isEqualTo(i);
        }
        assertThat(progress.receive(LONG)).isNull();
        assertThat(reports.receive(LONG)).isEqualTo("job " + n + " done");
      }
    }
  }

  @Test
  void callbacksAtBothEndsHearEachOtherUntilOneThrows() {
    var heard = new CopyOnWriteArrayList<String>();
    var listens = fanfare.open("listens", String.class, String.class);
    listens.onMessage(heard::add, end -> heard.add("end " + end.getMessage()));
    listens.send("one");
    listens.send("two");
    listens.send("bad");
    Awaitility.await().atMost(LONG).until(() -> heard.size() == 3);
    assertThat(heard).startsWith("heard one", "heard two");
    assertThat(heard.get(2)).contains("no bad");
  }

  @Test
  void callingWhatOpensAndOpeningWhatIsCalledAreRefusedInWords() {
    var called = platform.call("echo", "{}");
    assertThat(called.statusCode()).isEqualTo(426);
    assertThat(called.body()).contains("WebSocket");
    assertThat(platform.submit("echo", "{}").join().statusCode()).isEqualTo(426);
    assertThatThrownBy(() -> fanfare.open("hello", String.class, String.class))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("POST");
    assertThatThrownBy(() -> fanfare.function("echo", String.class).map(List.of("a")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("WebSocket");
    assertThatThrownBy(() -> fanfare.open("nothing", String.class, String.class))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("nothing");
  }

  @Test
  void anArgumentThatDoesNotFitFailsTheChannel() {
    var count = fanfare.open("count", Row.class, String.class, Map.of("from", 1));
    assertThatThrownBy(() -> count.receive(LONG))
        .isInstanceOf(ChannelFailed.class)
        .hasMessageContaining("to");
  }

  @Test
  void anyWebSocketClientTalksInPlainMessages() {
    try (var talk = PlainSocket.open(platform, "/function/count?from=1&to=3")) {
      talk.awaitClose();
      assertThat(talk.heard)
          .containsExactly(
              "{\"number\":1,\"text\":\"row 1\"}",
              "{\"number\":2,\"text\":\"row 2\"}",
              "",
              "closed 1000 ");
    }
    try (var talk = PlainSocket.open(platform, "/function/echo")) {
      talk.send("\"quoted\"");
      talk.send("as it is");
      talk.send("");
      talk.awaitClose();
      assertThat(talk.heard).containsExactly("\"quoted\"", "\"as it is\"", "", "closed 1000 ");
    }
    try (var talk = PlainSocket.open(platform, "/function/breaks")) {
      talk.awaitClose();
      assertThat(talk.heard)
          .hasSize(11)
          .last()
          .isEqualTo("closed 4500 user-fault: broken after ten");
    }
  }

  @Test
  void aWorkerKilledInMidCallFailsTheChannelAndNothingRunsAgain() throws Exception {
    Path other = Files.createDirectory(home.resolve("other"));
    try (var lonely = Platform.up(other, "--no-worker");
        var client = Fanfare.connect(lonely.url(), lonely.key())) {
      lonely.deploy(ChannelFunctions.jar(other));
      String token = Workers.joinToken(lonely);
      try (var doomed = Workers.start(lonely, token, "doomed")) {
        Workers.awaitCount(lonely, 1);
        var waits =
            client.open(
                "waits", String.class, String.class, Map.of("file", other.resolve("f").toString()));
        assertThat(waits.receive(LONG)).isEqualTo("here");
        try (var heir = Workers.start(lonely, token, "heir")) {
          Workers.awaitCount(lonely, 2);
          doomed.kill();
          assertThatThrownBy(() -> waits.receive(LONG))
              .isInstanceOf(ChannelFailed.class)
              .hasMessageContaining("worker-lost");
          assertThat(waits.receive()).isNull();
          awaitNothingRuns(lonely);
          assertThat(heir.terminate()).isIn(0, 143);
        }
      }
    }
  }

  @Test
  void channelsPassBetweenNodes() throws Exception {
    Path other = Files.createDirectory(home.resolve("nodes"));
    try (var nodes = Cluster.start(other, 2)) {
      nodes.node(0).deploy(ChannelFunctions.jar(other));
      String token = Workers.joinToken(nodes.node(0));
      try (var worker = Workers.start(nodes.node(0), token, "far");
          var client = Fanfare.connect(nodes.node(1).url(), nodes.node(1).key())) {
        Workers.awaitConnected(nodes.node(1), "far");
        try (var echo = client.open("echo", String.class, String.class)) {
          for (int i = 0; i < 100; i++) {
            echo.send("ping " + i);
            assertThat(echo.receive(LONG)).isEqualTo("ping " + i);
          }
          var far = Platform.json(nodes.node(1).get("/v1/workers/far"));
          assertThat(far.at("/invocations/0/id").asText())
              .as("the other node was asked: %s", far)
              .isEqualTo(echo.invocation());
          assertThat(far.at("/channels").asInt()).isEqualTo(1);
        }
        var range = Map.of("from", 0, "to", 20_000);
        try (var rows = client.open("count", Row.class, String.class, range)) {
          int next = 0;
          for (Row row : rows) {
            assertThat(row.number()).isEqualTo(next++);
          }
          assertThat(next).isEqualTo(20_000);
        }
        OpenChannel<String, String> breaks = client.open("breaks", String.class, String.class);
        for (int i = 0; i < 10; i++) {
          assertThat(breaks.receive(LONG)).isEqualTo("item " + i);
        }
        assertThatThrownBy(() -> breaks.receive(LONG)).isInstanceOf(ChannelFailed.class);
        Path file = other.resolve("waits");
        var waits =
            client.open("waits", String.class, String.class, Map.of("file", file.toString()));
        assertThat(waits.receive(LONG)).isEqualTo("here");
        nodes.kill(1);
        Awaitility.await().atMost(LONG).until(() -> Files.exists(file));
        assertThat(worker.terminate()).as(worker.output()).isIn(0, 143);
      }
    }
  }

  private static void awaitNothingRuns(Platform where) {
    Awaitility.await("nothing runs")
        .atMost(LONG)
        .until(() -> Metrics.of(where).sum("fanfare_invocations_running") == 0);
  }
}
