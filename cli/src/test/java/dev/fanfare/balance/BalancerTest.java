package dev.fanfare.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.platform.EventLoops;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BalancerTest {
  private static final String HOST = "127.0.0.1";

  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = EventLoops.start();
  }

  @AfterEach
  void close() {
    done(vertx.close());
  }

  @Test
  void connectionsAreSpreadOverTheGateways() {
    HttpServer one = gateway("one");
    HttpServer two = gateway("two");
    int port = balancer(one.actualPort(), two.actualPort()).port();

    assertThat(answers(port, 6)).containsExactlyInAnyOrder("one", "two");
  }

  @Test
  void aGatewayThatIsDownIsPassedOver() {
    HttpServer one = gateway("one");
    int port = balancer(freePort(), one.actualPort()).port();

    assertThat(answers(port, 6)).containsExactly("one");
  }

  @Test
  void aGatewayThatIsNotReadyGetsNoNewConnections() {
    HttpServer one = gateway("one");
    HttpServer starting =
        gateway("two", request -> request.response().setStatusCode(503).end("starting"));
    int port = balancer(starting.actualPort(), one.actualPort()).port();

    await()
        .atMost(30, TimeUnit.SECONDS)
        .untilAsserted(() -> assertThat(answers(port, 6)).containsExactly("one"));
  }

  @Test
  void callersOfAGatewayThatFallsSilentAreToldByAClosedConnection() throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      int port = balancer(silent.getLocalPort()).port();

      try (var caller = new Socket(InetAddress.getLoopbackAddress(), port)) {
        caller.setSoTimeout(60_000);
        caller
            .getOutputStream()
            .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThat(caller.getInputStream().read()).isEqualTo(-1);
      }
    }
  }

  @Test
  void whereNoGatewayCanBeReachedTheConnectionIsClosed() {
    Balancer balancer = balancer(freePort());

    assertThatThrownBy(() -> answer(balancer.port())).isInstanceOf(UncheckedIOException.class);
    await().atMost(30, TimeUnit.SECONDS).until(() -> !balancer.ready());
  }

  private Balancer balancer(int... ports) {
    var urls = Arrays.stream(ports).mapToObj(port -> URI.create("http://" + HOST + ":" + port));
    return done(Balancer.start(vertx, HOST, 0, urls.toList()));
  }

  private HttpServer gateway(String name) {
    return gateway(name, request -> request.response().end("ready"));
  }

  private HttpServer gateway(String name, Consumer<HttpServerRequest> ready) {
    return done(
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  if (request.path().equals("/readyz")) {
                    ready.accept(request);
                  } else {
                    request.response().end(name);
                  }
                })
            .listen(0, HOST));
  }

  private static Set<String> answers(int port, int calls) {
    var answers = new TreeSet<String>();
    for (int i = 0; i < calls; i++) {
      answers.add(answer(port));
    }
    return answers;
  }

  private static String answer(int port) {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + port + "/name"))
              .version(HttpClient.Version.HTTP_1_1);
      return client.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> T done(Future<T> future) {
    CompletableFuture<T> stage = future.toCompletionStage().toCompletableFuture();
    return stage.orTimeout(30, TimeUnit.SECONDS).join();
  }
}
