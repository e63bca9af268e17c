package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.client.CallOptions;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.OpenChannel;
import dev.fanfare.client.RemoteCommand;
import dev.fanfare.function.ChannelFailed;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers behind relays behind relays. */
@Timeout(240)
class RelayIT {
  private static final Duration BOUND = Duration.ofSeconds(60);

  private static final String TALK =
"""
      import dev.fanfare.function.Channel;
      import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
      import java.nio.file.Path;

      void main(String[] args, Channel<String, String> channel) throws Exception {
        if (args[0].equals("echo")) {
          for (String item : channel) channel.send(item);
          return;
        }
        for (int i = 0; i < 100; i++) channel.send("message " + i);
        IO.println("all said");
        switch (args[0]) {
          case "throws" -> throw new IllegalStateException("on purpose");
          case "exits" -> System.exit(3);
          case "closes" -> channel.close();
          case "waits" -> {
            try {
              Thread.sleep(600_000);
            } catch (InterruptedException e) {
              Files.writeString(Path.of(args[1]), "interrupted");
            }
          }
          default -> {}
        }
      }
""";

  @TempDir Path home;

  @Test
  void workBehindThreeRelaysGoesThroughAndTheLossOfTheMiddleOneIsToldAtOnce() throws Exception {
    try (var platform = Platform.up(home, "--no-worker");
        var top = relay("top", platform.url().toString());
        var middle = relay("middle", address(top));
        var bottom = relay("bottom", address(middle))) {
      platform.deploy(TroublesomeFunctions.jar(home));
      platform.deploy(ChannelFunctions.jar(home));
      String token = Workers.joinToken(platform);
      try (var far = worker("far", address(bottom), token, "--slots", "2");
          var farther = worker("farther", address(bottom), token, "--slots", "2");
          var near = worker("near", address(top), token)) {
        for (var worker : List.of(far, farther, near)) {
          worker.awaitLine("ready", BOUND);
        }
        Workers.awaitCount(platform, 3);
        assertThat(peer(platform, "far")).endsWith("via bottom, middle, top");
        assertThat(peer(platform, "near")).endsWith("via top");
        var shown = platform.cli().run("workers", "show", "far", "-o", "json");
        assertThat(Platform.json(shown.out()).at("/connection/relays").toString())
            .isEqualTo("[\"bottom\",\"middle\",\"top\"]");
        assertThat(Platform.json(shown.out()).at("/process/pid").asLong())
            .as("it was asked, through all of them: %s", shown.out())
            .isPositive();

        String large = "x".repeat(600_000);
        assertThat(platform.call("fine", '"' + large + '"').body()).contains("fine: " + large);

        List<CompletableFuture<String>> calls =
            IntStream.range(0, 40)
                .mapToObj(i -> platform.callAsync("slow", "{\"millis\": 200}"))
                .map(call -> call.thenApply(a -> a.headers().firstValue("X-Worker").orElse("")))
                .toList();
        assertThat(calls.stream().map(CompletableFuture::join).distinct())
            .containsExactlyInAnyOrder("far", "farther", "near");
        assertThat(blobs("bottom")).as("fetched once, kept on the way").isNotEmpty();

        try (var client = Fanfare.connect(platform.url(), platform.key())) {
          var behind = List.of(opened(client, "far"), opened(client, "farther"));
          var before = opened(client, "near");
          List<CompletableFuture<HttpResponse<String>>> running =
              IntStream.range(0, 5)
                  .mapToObj(i -> platform.callAsync("slow", "{\"millis\": 1500}"))
                  .toList();
          Awaitility.await("they run")
              .atMost(BOUND)
              .until(() -> Metrics.of(platform).sum("fanfare_invocations_running") >= 6);
          middle.kill();

          Awaitility.await("the loss of all that is behind it is told")
              .atMost(Duration.ofSeconds(5))
              .until(() -> Workers.count(platform) == 1);
          for (var channel : behind) {
            assertThatThrownBy(() -> channel.receive(BOUND))
                .isInstanceOf(ChannelFailed.class)
                .hasMessageContaining("worker-lost");
          }
          before.send("still there");
          assertThat(before.receive(BOUND)).isEqualTo("still there");
          before.close();
          assertThat(running).allMatch(call -> call.join().statusCode() == 200);
        }
      }
    }
  }

  @Test
  void aSourceTalksOverSshAndThreeRelaysAndLosesNothingOfItsLastMessages() throws Exception {
    try (var server = SshServer.start(home, "true");
        var platform = Platform.up(home, "--no-worker");
        var top = relay("top", platform.url().toString());
        var middle = relay("middle", address(top));
        var bottom = relay("bottom", address(middle));
        var client = Fanfare.connect(platform.url(), platform.key())) {
      String folder = home.resolve("there").toString();
      var options = new ArrayList<>(server.options());
      options.addAll(List.of("--ssh-folder", folder, "--allow-exec", "--drain", "2s"));
      String token = Workers.joinToken(platform);
      try (var far = worker("far", address(bottom), token, options.toArray(String[]::new))) {
        far.awaitLine("ready far at", BOUND);

        String bytes = "x".repeat(2 << 20);
        try (var echo = client.remoteOpen(TALK, String.class, String.class, "echo")) {
          for (int i = 0; i < 3; i++) {
            echo.send(bytes);
            assertThat(echo.receive(BOUND)).isEqualTo(bytes);
          }
        }
        for (String end : List.of("returns", "throws", "exits", "closes")) {
          var last = client.remoteOpen(TALK, String.class, String.class, end);
          awaitLastHundred(last);
          if (List.of("throws", "exits").contains(end)) {
            assertThatThrownBy(() -> last.receive(BOUND)).isInstanceOf(ChannelFailed.class);
          }
          assertThat(last.receive(BOUND)).as(end).isNull();
        }
        Path marker = home.resolve("interrupted");
        var waits = client.remoteOpen(TALK, String.class, String.class, "waits", marker.toString());
        awaitLastHundred(waits);
        assertThat(platform.cli().run("logs", waits.invocation()).out()).contains("all said");
        waits.cancel();
        Awaitility.await("it is interrupted").atMost(BOUND).until(() -> Files.exists(marker));

        byte[] random = new byte[4 << 20];
        new Random(7).nextBytes(random);
        try (var cat = client.worker("far").exec("cat")) {
          Thread.ofVirtual().start(() -> feed(cat, random));
          assertThat(cat.out().readAllBytes()).isEqualTo(random);
          assertThat(cat.await().code()).isZero();
        }

        var unread =
            client.remoteOpen(TALK, String.class, String.class, "waits", folder + "/marker");
        assertThat(unread.receive(BOUND)).isEqualTo("message 0");
        Awaitility.await("it has said all")
            .atMost(BOUND)
            .until(
                () -> platform.cli().run("logs", unread.invocation()).out().contains("all said"));
        assertThat(far.terminate()).as(far.output()).isIn(0, 143);
        for (int i = 1; i < 100; i++) {
          assertThat(unread.receive(BOUND)).isEqualTo("message " + i);
        }
        assertThatThrownBy(() -> unread.receive(BOUND)).isInstanceOf(ChannelFailed.class);
      }
    }
  }

  private static void feed(RemoteCommand command, byte[] bytes) {
    try (var in = command.in()) {
      in.write(bytes);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static void awaitLastHundred(OpenChannel<String, String> channel) {
    for (int i = 0; i < 100; i++) {
      assertThat(channel.receive(BOUND)).isEqualTo("message " + i);
    }
  }

  private static OpenChannel<String, String> opened(Fanfare client, String worker) {
    var channel =
        client.open(
            "echo",
            String.class,
            String.class,
            null,
            CallOptions.NONE.withConstraints("worker=" + worker));
    channel.send("hello");
    assertThat(channel.receive(BOUND)).isEqualTo("hello");
    return channel;
  }

  @Test
  void cancelAndLogsGoThroughAndAWrongKeyIsRefusedBehindTheRelay() throws Exception {
    try (var platform = Platform.up(home, "--no-worker");
        var relay = relay("hub", platform.url().toString())) {
      platform.deploy(TroublesomeFunctions.jar(home));
      try (var stranger = worker("stranger", address(relay), "ff_wrong")) {
        stranger.awaitLine("does not accept the key", BOUND);
      }
      String authority = URI.create(address(relay)).getAuthority();
      assertThat(platform.cli().run("workers", "connect", authority).out())
          .contains("status 404: this is a Fanfare relay", "--relay --gateway");
      try (var worker = worker("far", address(relay), Workers.joinToken(platform))) {
        worker.awaitLine("ready", BOUND);
        String slow =
            Platform.json(platform.submit("slow", "{\"millis\": 60000}").join()).get("id").asText();
        Awaitility.await("it runs")
            .atMost(BOUND)
            .until(() -> platform.get("/invocations/" + slow).body().contains("RUNNING"));
        assertThat(platform.cli().run("cancel", slow).exit()).isZero();
        Awaitility.await("its slot is free")
            .atMost(BOUND)
            .until(() -> Metrics.of(platform).sum("fanfare_invocations_running") == 0);

        assertThat(relay.terminate()).as(relay.output()).isIn(0, 143);
        Workers.awaitCount(platform, 0);
      }
    }
  }

  @Test
  void aRelayDialsWorkersThatListen() throws Exception {
    try (var platform = Platform.up(home, "--no-worker")) {
      String token = Workers.joinToken(platform);
      var launcher = new Launcher(home);
      try (var worker =
          launcher.start(
              "worker",
              "--listen",
              "127.0.0.1:0",
              "--token",
              token,
              "--name",
              "far",
              "--data",
              home.resolve("worker-far").toString())) {
        String address = worker.awaitLine("listens at (\\S+)", BOUND).group(1);
        try (var relay = relay("hub", platform.url().toString(), "--connect", address)) {
          address(relay);
          Workers.awaitConnected(platform, "far");
          assertThat(peer(platform, "far")).endsWith("via hub");
          platform.deploy(TroublesomeFunctions.jar(home));
          assertThat(platform.call("slow", "{\"millis\": 1}").headers().firstValue("X-Worker"))
              .contains("far");
        }
      }
    }
  }

  private LaunchedProcess relay(String name, String upward, String... more) {
    var arguments =
        new ArrayList<>(
            List.of("worker", "--relay", "--gateway", upward, "--listen", "127.0.0.1:0"));
    arguments.addAll(List.of("--name", name, "--data", home.resolve(name).toString()));
    arguments.addAll(List.of(more));
    return new Launcher(home).start(arguments.toArray(String[]::new));
  }

  private LaunchedProcess worker(String name, String gateway, String token, String... more) {
    var arguments =
        new ArrayList<>(List.of("worker", "--gateway", gateway, "--token", token, "--name", name));
    arguments.addAll(List.of("--data", home.resolve("worker-" + name).toString()));
    arguments.addAll(List.of(more));
    return new Launcher(home).start(arguments.toArray(String[]::new));
  }

  private static String address(LaunchedProcess relay) {
    return relay.awaitLine("listens at (\\S+)", BOUND).group(1);
  }

  private static String peer(Platform platform, String worker) {
    for (var one : Platform.json(platform.get("/v1/workers")).get("workers")) {
      if (one.get("id").asText().equals(worker)) {
        return one.get("peer").asText();
      }
    }
    throw new AssertionError("no worker " + worker);
  }

  private List<Path> blobs(String relay) throws IOException {
    try (var files = Files.list(home.resolve(relay).resolve("blobs"))) {
      return files.toList();
    }
  }
}
