package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.protocol.Outcome;
import dev.fanfare.session.ScriptedWorker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GatewayStartTest {
  @TempDir Path folder;

  @Test
  void refusesAPublicAddressWithoutTls() {
    assertRefused(
        GatewayConfiguration.DEFAULT.at("0.0.0.0", 0),
        "refusing to listen on 0.0.0.0 without TLS",
        "--insecure");
    assertRefused(GatewayConfiguration.DEFAULT.at("::", 0), "without TLS");
  }

  @Test
  void listensOnAPublicAddressWhenThatIsAllowed() throws Exception {
    try (TestGateway platform =
        TestGateway.start(folder, GatewayConfiguration.DEFAULT.at("0.0.0.0", 0).insecure(true))) {
      assertThat(platform.get("/healthz").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void namesThePortThatIsTaken() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          GatewayConfiguration.DEFAULT.at("127.0.0.1", other.getLocalPort()),
          "port " + other.getLocalPort() + " on 127.0.0.1 is taken");
    }
  }

  @Test
  void namesTheCertificateThatIsNone() throws Exception {
    Path key = Files.writeString(folder.resolve("key.pem"), "no key");
    var tls = new GatewayConfiguration.Tls(folder.resolve("none.pem"), key);
    assertRefused(
        GatewayConfiguration.DEFAULT.at("127.0.0.1", 0).with(Optional.of(tls)), "none.pem");

    Path certificate = Files.writeString(folder.resolve("certificate.pem"), "no certificate");
    var broken = new GatewayConfiguration.Tls(certificate, key);
    assertRefused(
        GatewayConfiguration.DEFAULT.at("127.0.0.1", 0).with(Optional.of(broken)),
        "certificate.pem");
  }

  @Test
  void namesTheHostThatIsUnknown() {
    assertRefused(
        GatewayConfiguration.DEFAULT.at("no-such-host.invalid", 0), "no-such-host.invalid");
  }

  @Test
  void speaksTls() throws Exception {
    Certificate certificate = Certificate.make(folder);
    var configuration =
        GatewayConfiguration.DEFAULT.at("127.0.0.1", 0).with(Optional.of(certificate.files()));
    try (TestGateway platform = TestGateway.start(folder.resolve("data"), configuration)) {
      var client = java.net.http.HttpClient.newBuilder().sslContext(certificate.trusted()).build();
      var request =
          java.net.http.HttpRequest.newBuilder(
              java.net.URI.create("https://localhost:" + platform.gateway.port() + "/healthz"));

      HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    }
  }

  @Test
  void servesOnSeveralEventLoops() throws Exception {
    var d = GatewayConfiguration.DEFAULT;
    var configuration =
        new GatewayConfiguration(
            "127.0.0.1",
            0,
            Optional.empty(),
            false,
            d.requestLimitBytes(),
            d.resultLimitBytes(),
            d.artifactLimitBytes(),
            d.connections(),
            3,
            d.acceptedLimit());
    try (TestGateway platform = TestGateway.start(folder, configuration)) {
      platform.deploy("echo");
      ScriptedWorker worker = platform.worker("w1", TestGateway::echo);
      var calls = new java.util.ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < 60; i++) {
        calls.add(
            platform.http.sendAsync(
                platform
                    .to("/function/echo")
                    .POST(java.net.http.HttpRequest.BodyPublishers.ofString("" + i))
                    .build(),
                BodyHandlers.ofString()));
      }
      for (int i = 0; i < 60; i++) {
        assertThat(calls.get(i).get(20, TimeUnit.SECONDS).body()).isEqualTo("" + i);
      }
      assertThat(platform.get("/v1/workers").statusCode()).isEqualTo(200);
      worker.cut();
    }
  }

  @Test
  void sendsWaitingCallersAwayWhenItStops() throws Exception {
    CompletableFuture<HttpResponse<String>> call;
    try (TestGateway platform = TestGateway.start(folder)) {
      platform.deploy("hold");
      ScriptedWorker worker = platform.worker("w1", lease -> Optional.<Outcome>empty());
      call =
          platform.http.sendAsync(
              platform
                  .to("/function/hold")
                  .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString());
      await().until(() -> !worker.leases().isEmpty());
      TestGateway.get(platform.gateway.close());

      HttpResponse<String> answer = call.get(10, TimeUnit.SECONDS);
      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(TestGateway.json(answer).get("code").asText()).isEqualTo("shutting-down");
      worker.cut();
    }
  }

  private void assertRefused(GatewayConfiguration configuration, String... words) {
    assertThatThrownBy(() -> TestGateway.start(folder.resolve("data"), configuration).close())
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(GatewayException.class)
        .hasMessageContainingAll(words);
  }
}
