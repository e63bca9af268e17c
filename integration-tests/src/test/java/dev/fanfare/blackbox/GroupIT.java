package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.Answer;
import dev.fanfare.client.CallOptions;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.Group;
import dev.fanfare.client.MemberEnd;
import dev.fanfare.client.MemberFailed;
import dev.fanfare.client.Refused;
import dev.fanfare.client.WorkerChoice;
import dev.fanfare.function.ChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several workers talked with as one, and broadcasts to them, through the launcher. */
@Timeout(180)
class GroupIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String SOURCE =
      """
      import dev.fanfare.function.Channel;
      import dev.fanfare.function.Fn;

      public class Together {
        private final String pid = Long.toString(ProcessHandle.current().pid());

        @Fn public String where(String name) {
          return name + " in " + pid;
        }

        @Fn public String picky(String name) {
          if (name.equals("bad")) throw new IllegalArgumentException("not " + name);
          return name;
        }

        @Fn public void each(Channel<String, String> channel) throws Exception {
          channel.send(pid);
          for (String item : channel) {
            if (item.equals("fail")) throw new IllegalStateException("told to fail");
            System.out.println("beside the protocol: " + item);
            new java.io.FileOutputStream(java.io.FileDescriptor.out).write(new byte[] {0, 0, 0, 9, 1});
            channel.send("heard " + item);
          }
        }

        @Fn public void stubborn(Channel<String, String> channel) {
          channel.send(pid);
          String first = channel.receive();
          if (first == null) return;
          System.out.println("beside the protocol");
          while (true) { }
        }
      }
      """;

  @TempDir static Path home;
  private static Platform platform;
  private static Fanfare fanfare;
  private static LaunchedProcess first;
  private static LaunchedProcess second;
  private static String token;

  @BeforeAll
  static void start() {
    platform = Platform.up(home, "--no-worker");
    token = Workers.joinToken(platform);
    first = Workers.start(platform, token, "one", "--label", "zone=a", "--slots", "1");
    second =
        Workers.start(platform, token, "two", "--label", "zone=b", "--slots", "2", "--allow-exec");
    platform.deploy(TestJar.of(home, "Together", SOURCE));
    fanfare = Fanfare.connect(platform.url(), platform.key());
    Workers.awaitCount(platform, 2);
  }

  @AfterAll
  static void stop() {
    fanfare.close();
    first.close();
    second.close();
    platform.close();
  }

  @Test
  void eachMemberHearsAndIsHeard() {
    Group group = fanfare.group(WorkerChoice.with("zone in (a,b)"));
    assertThat(group.members()).containsExactlyInAnyOrder("one", "two");
    try (var talk = group.open("each", String.class, String.class)) {
      Map<String, String> processes = new HashMap<>();
      for (int i = 0; i < 2; i++) {
        var item = talk.receive(LONG);
        processes.put(item.worker(), item.item());
      }
      assertThat(processes).containsOnlyKeys("one", "two");
      assertThat(processes.get("one")).isNotEqualTo(processes.get("two"));

      talk.send("all");
      talk.send("two", "you alone");
      talk.end();

      var heard = new ArrayList<String>();
      for (var item : talk) {
        heard.add(item.worker() + " " + item.item());
      }
      assertThat(heard)
          .containsExactlyInAnyOrder("one heard all", "two heard all", "two heard you alone");
      assertThat(talk.close(LONG)).extracting(MemberEnd::how).containsOnly(MemberEnd.How.ENDED);
    }
  }

  @Test
  void aSourceIsTalkedWithOnEachMember() {
    String source =
        "void main(String[] a, dev.fanfare.function.Channel<String, String> c) {"
            + " for (String s : c) c.send(a[0] + s); }";
    try (var talk =
        fanfare.group(WorkerChoice.all()).remoteOpen(source, String.class, String.class, "to ")) {
      talk.send("all");

      var heard = new ArrayList<String>();
      for (int i = 0; i < 2; i++) {
        var item = talk.receive(LONG);
        heard.add(item.worker() + " " + item.item());
      }
      assertThat(heard).containsExactlyInAnyOrder("one to all", "two to all");
    }
  }

  @Test
  void aMembersFailureIsToldOnceWithItsNameAndStackAndTheOthersGoOn() {
    try (var talk =
        fanfare.group(WorkerChoice.named("one", "two")).open("each", String.class, String.class)) {
      talk.receive(LONG);
      talk.receive(LONG);
      talk.send("one", "fail");

      assertThatThrownBy(() -> talk.receive(LONG))
          .isInstanceOfSatisfying(
              MemberFailed.class,
              failed -> {
                assertThat(failed.worker()).isEqualTo("one");
                assertThat(failed.code()).isEqualTo("user-fault");
                assertThat(failed).hasMessageContaining("told to fail");
                assertThat(failed.remoteStack()).contains("Together.each");
              });
      talk.send("still here");
      assertThat(talk.receive(LONG)).hasToString("Item[worker=two, item=heard still here]");
      assertThatThrownBy(() -> talk.receive(Duration.ofMillis(1)))
          .isInstanceOf(ChannelException.TimedOut.class);
      assertThat(talk.close(LONG))
          .extracting(end -> end.worker() + " " + end.how())
          .containsExactlyInAnyOrder("one FAILED", "two ENDED");
    }
  }

  @Test
  void aBusyLoopThatIsToldToEndInASecondIsKilledWithItsProcess() {
    try (var talk =
        fanfare.group(WorkerChoice.all()).open("stubborn", String.class, String.class)) {
      Map<String, Long> processes = new HashMap<>();
      for (int i = 0; i < 2; i++) {
        var item = talk.receive(LONG);
        processes.put(item.worker(), Long.valueOf(item.item()));
      }
      talk.send("one", "loop");
      String loops = talk.invocation("one");
      Awaitility.await("it loops")
          .atMost(LONG)
          .until(
              () ->
                  platform
                      .get("/invocations/" + loops + "/logs")
                      .body()
                      .contains("beside the protocol"));

      long began = System.nanoTime();
      List<MemberEnd> ends = talk.close(Duration.ofSeconds(1));

      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
      assertThat(ends)
          .extracting(end -> end.worker() + " " + end.how())
          .containsExactlyInAnyOrder("one KILLED", "two ENDED");
      Awaitility.await("its process is gone")
          .atMost(LONG)
          .until(() -> ProcessHandle.of(processes.get("one")).isEmpty());
      Awaitility.await("nothing runs there")
          .atMost(LONG)
          .until(() -> show("one").path("invocations").isEmpty());
      assertThat(ProcessHandle.of(processes.get("two"))).as("the other's is warm").isPresent();
    }
  }

  @Test
  void aWorkerLostInMidCallIsToldByItsName() throws Exception {
    try (var doomed = Workers.start(platform, token, "doomed", "--label", "zone=c")) {
      Workers.awaitConnected(platform, "doomed");
      Group group = fanfare.group(WorkerChoice.named("doomed", "one"));
      try (var talk = group.open("each", String.class, String.class)) {
        talk.receive(LONG);
        talk.receive(LONG);
        doomed.kill();

        assertThatThrownBy(() -> talk.receive(LONG))
            .isInstanceOfSatisfying(
                MemberFailed.class,
                failed -> {
                  assertThat(failed.worker()).isEqualTo("doomed");
                  assertThat(failed.code()).isEqualTo("worker-lost");
                });
        talk.send("hello");
        assertThat(talk.receive(LONG)).hasToString("Item[worker=one, item=heard hello]");
      }
    }
    Workers.awaitCount(platform, 2);
  }

  @Test
  void ofTwoCallersOnOneSlotTheSecondWaitsForTheFirst() {
    CallOptions there = CallOptions.NONE.withConstraints("worker=one");
    var earlier = fanfare.open("each", String.class, String.class, null, there);
    assertThat(earlier.receive(LONG)).isNotNull();
    try (var second = fanfare.open("each", String.class, String.class, null, there)) {
      assertThatThrownBy(() -> second.receive(Duration.ofMillis(300)))
          .isInstanceOf(ChannelException.TimedOut.class);
      earlier.send("mine");
      assertThat(earlier.receive(LONG)).isEqualTo("heard mine");
      earlier.close();

      assertThat(second.receive(LONG)).isNotNull();
      second.send("now");
      assertThat(second.receive(LONG)).isEqualTo("heard now");
    }
  }

  @Test
  void namesThatNoWorkerHasAndKeysThatNobodyKnowsAreRefusedInWords() {
    assertThatThrownBy(() -> fanfare.group(WorkerChoice.named("one", "nobody")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("no worker called 'nobody' is connected; there are one, two");
    assertThatThrownBy(() -> fanfare.group(WorkerChoice.with("zone=z")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("no worker with zone=z is connected");
    try (var stranger =
        Fanfare.connect(platform.url(), "ff_abcdefghij_abcdefghijklmnopqrstuvwxyz234567")) {
      assertThatThrownBy(() -> stranger.group(WorkerChoice.all()))
          .isInstanceOfSatisfying(
              Refused.class, refused -> assertThat(refused.status()).isEqualTo(401));
    }
    var missing = platform.cli().run("broadcast", "where", "--label", "zone=z");
    assertThat(missing.exit()).isEqualTo(4);
    assertThat(missing.err()).contains("no worker with zone=z is connected");
  }

  @Test
  void aBroadcastAsksEachWorkerOnceAlsoThoseThatJoinWithinTheWindow() throws Exception {
    CompletableFuture<List<Answer<String>>> asked =
        CompletableFuture.supplyAsync(
            () ->
                fanfare
                    .broadcast(WorkerChoice.named("one", "two", "late"))
                    .withWindow(LONG)
                    .call(fanfare.function("where", String.class), "here"));
    try (var late = Workers.start(platform, token, "late")) {
      List<Answer<String>> answers = asked.join();

      assertThat(answers).allMatch(Answer::ok);
      assertThat(answers)
          .extracting(Answer::worker)
          .containsExactlyInAnyOrder("one", "two", "late");
      assertThat(answers.stream().map(Answer::value).distinct().toList())
          .as("each in a process of its own")
          .hasSize(3);
      assertThat(late.handle().isAlive()).isTrue();
    }
    Workers.awaitCount(platform, 2);
  }

  @Test
  void refusalsMissesAndFailuresAreListedBesideResults() {
    var listed =
        platform.cli().run("broadcast", "where", "--on", "one,nobody", "-d", "x", "-o", "ndjson");
    assertThat(listed.exit()).isEqualTo(3);
    assertThat(listed.out().lines().map(Platform::json))
        .extracting(line -> line.path("worker").asText() + " " + line.path("answer").asText())
        .containsExactlyInAnyOrder("one result", "nobody miss");

    var failed = platform.cli().run("broadcast", "picky", "-d", "bad");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.out()).contains("one", "two", "user-fault", "not bad");
    assertThat(failed.err()).contains("Together.picky");

    var source =
        platform
            .cli()
            .run("broadcast", "-o", "json", "--source", source().toString(), "--label", "zone=b");
    assertThat(source.exit()).as(source.err()).isZero();
    assertThat(Platform.json(source.out()).at("/0/value/out").asText()).isEqualTo("from source\n");
  }

  @Test
  void aCommandIsRefusedWhereNoneIsAllowed() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/setsid")), "setsid (util-linux) is missing");

    var ran = platform.cli().run("broadcast", "-o", "json", "--", "sh", "-c", "echo out; exit 3");

    assertThat(ran.exit()).isEqualTo(3);
    Map<String, JsonNode> answers = new HashMap<>();
    Platform.json(ran.out()).forEach(one -> answers.put(one.path("worker").asText(), one));
    assertThat(answers.get("one").path("answer").asText()).isEqualTo("refusal");
    assertThat(answers.get("one").path("message").asText()).contains("allow-exec");
    assertThat(answers.get("two").path("answer").asText()).isEqualTo("failure");
    assertThat(answers.get("two").at("/value/exit").asInt()).isEqualTo(3);
    assertThat(answers.get("two").at("/value/out").asText()).isEqualTo("out\n");
  }

  @Test
  void aTerminalTalksOverAChannel() {
    var talked =
        platform
            .cli()
            .runWithInput(
                "hello\n{\"a\":1}\n", "invoke", "each", "--channel", "--constraint", "worker=one");
    assertThat(talked.exit()).as(talked.err()).isZero();
    assertThat(talked.out().lines().skip(1)).first().isEqualTo("heard hello");

    var failed = platform.cli().runWithInput("fail\n", "invoke", "each", "--channel");
    assertThat(failed.exit()).isEqualTo(1);
    assertThat(failed.err()).contains("told to fail", "Together.each");
  }

  private static Path source() {
    try {
      return Files.writeString(
          home.resolve("Check.java"), "void main() { IO.println(\"from source\"); }");
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static JsonNode show(String worker) {
    return Platform.json(platform.get("/v1/workers/" + worker));
  }
}
