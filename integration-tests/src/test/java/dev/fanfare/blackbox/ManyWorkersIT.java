package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers of this test's own, which speak the session protocol and take no work. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ManyWorkersIT {
  private static final int WORKERS = 200;

  @TempDir Path home;

  private final HttpClient http = HttpClient.newHttpClient();

  /** One session; counted down when it ends. */
  private record Session(WebSocket socket, CountDownLatch over) {}

  @Test
  void twoHundredWorkersThatComeBackAtOnceAreTakenInWhileCallsGoOn() {
    try (var platform = Platform.up(home)) {
      platform.deploy(TroublesomeFunctions.jar(home));
      String token = Workers.joinToken(platform);
      List<Session> first = all(platform.url(), token);
      Workers.awaitCount(platform, WORKERS + 1);
      platform.process().kill();
      first.forEach(session -> awaitOver(session.over));

      try (var again = Platform.upAt(platform.url().getPort(), home)) {
        List<Session> second = all(again.url(), token);
        var answer = again.call("fine", "\"through\"");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        Workers.awaitCount(again, WORKERS + 1);
        assertThat(second).allSatisfy(session -> assertThat(session.over.getCount()).isOne());
        second.forEach(session -> session.socket.abort());
        Workers.awaitCount(again, 1);
      }
    }
  }

  private List<Session> all(URI url, String token) {
    List<CompletableFuture<Session>> opening =
        IntStream.range(0, WORKERS).mapToObj(i -> open(url, token, "w" + i)).toList();
    return opening.stream().map(session -> session.orTimeout(90, TimeUnit.SECONDS).join()).toList();
  }

  private CompletableFuture<Session> open(URI url, String token, String name) {
    var over = new CountDownLatch(1);
    URI session = URI.create(url.toString().replaceFirst("http", "ws") + "/v1/session");
    return http.newWebSocketBuilder()
        .header("Authorization", "Bearer " + token)
        .subprotocols("fanfare.v1.json")
        .buildAsync(session, new Listening(over))
        .thenCompose(socket -> socket.sendText(hello(name), true))
        .thenApply(socket -> new Session(socket, over));
  }

  private static String hello(String name) {
    return """
    {"t":"hello","version":1,"profile":{"id":"%s","labels":{},"slots":1,"isolation":["process"],\
    "version":"test"}}\
    """
        .formatted(name);
  }

  private static void awaitOver(CountDownLatch over) {
    Awaitility.await("the end of a session")
        .atMost(Duration.ofSeconds(30))
        .until(() -> over.getCount() == 0);
  }

  private record Listening(CountDownLatch over) implements WebSocket.Listener {
    @Override
    public CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
      over.countDown();
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      over.countDown();
    }
  }
}
