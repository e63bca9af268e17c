package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Workers that listen, and gateways that dial them. */
@Timeout(180)
class ListeningWorkerIT {
  private static final Duration BOUND = Duration.ofSeconds(40);

  @TempDir Path home;

  @Test
  void aGatewayDialsTheWorkerAndComesBackAfterEitherRestarts() throws Exception {
    int port;
    String address;
    try (var platform = Platform.up(home, "--no-worker")) {
      port = platform.url().getPort();
      platform.deploy(TroublesomeFunctions.jar(home));
      try (var worker = listening(Workers.joinToken(platform), "far", "127.0.0.1:0")) {
        address = address(worker);

        var connected = platform.cli().run("workers", "connect", address);

        assertThat(connected.exit()).as(connected.err()).isZero();
        assertThat(connected.out()).contains("connected to worker far");
        assertThat(platform.call("slow", "{\"millis\": 1}").headers().firstValue("X-Worker"))
            .contains("far");
        assertThat(platform.cli().run("workers").out()).contains(address);
        assertThat(platform.cli().run("workers", "show", "far").out())
            .contains("listens, dialled at " + address);
      }
      assertThat(home.resolve("worker-far/credential")).content().startsWith("ff_");
      Workers.awaitCount(platform, 0);
      Awaitility.await("the loss is told")
          .atMost(BOUND)
          .until(() -> platform.cli().run("workers").err(), err -> err.contains(address));
      // It has a credential now and needs no token.
      try (var again = listening("", "far", address)) {
        Workers.awaitConnected(platform, "far");
        platform.process().kill();
        try (var restarted = Platform.upAt(port, home)) {
          Workers.awaitConnected(restarted, "far");
          assertThat(again.handle().isAlive()).isTrue();

          var gone = restarted.cli().run("workers", "disconnect", address);

          assertThat(gone.exit()).as(gone.err()).isZero();
          Awaitility.await("the session ends")
              .atMost(BOUND)
              .until(() -> !restarted.get("/v1/workers").body().contains("\"far\""));
          assertThat(restarted.get("/v1/workers/connections").body()).contains("[]");
        }
      }
    }
  }

  @Test
  void aPlatformAndAWorkerThatShareNoKeyRefuseEachOtherInWords() throws Exception {
    try (var platform = Platform.up(home, "--no-worker")) {
      String foreign = "ff_abcdefghij_abcdefghijklmnopqrstuvwxyz234567";
      try (var worker = listening(foreign, "stranger", "127.0.0.1:0")) {
        var refused = platform.cli().run("workers", "connect", address(worker));

        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).contains("does not know the worker's key");
        worker.awaitLine("does not know the worker's key", BOUND);
        assertThat(platform.get("/v1/workers/connections").body()).contains("[]");
      }
      // The id of a key that the platform has, and another secret.
      String almost = Workers.joinToken(platform).substring(0, 14) + foreign.substring(14);
      try (var worker = listening(almost, "almost", "127.0.0.1:0")) {
        var refused = platform.cli().run("workers", "connect", address(worker));

        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.err()).contains("the gateway does not know this worker's key");
        worker.awaitLine("the gateway does not know this worker's key", BOUND);
      }
      assertThat(Workers.count(platform)).isZero();
    }
  }

  @Test
  void anAddressOfAllTheWorldNeedsACertificate() {
    var worker = new Launcher(home).start("worker", "--listen", "0.0.0.0:0", "--token", "ff_x");
    try (worker) {
      Awaitility.await("it is refused").atMost(BOUND).until(() -> !worker.handle().isAlive());
      assertThat(worker.output()).contains("without TLS").contains("--insecure");
    }
  }

  @Test
  void withACertificateOfItsOwnTheConnectionIsEncrypted() throws Exception {
    Path certificate = home.resolve("worker.pem");
    Path key = home.resolve("worker.key");
    Certificates.selfSigned(certificate, key);
    try (var platform = Platform.up(home, "--no-worker")) {
      String token = Workers.joinToken(platform);
      var tls =
          new String[] {"--tls-certificate", certificate.toString(), "--tls-key", key.toString()};
      try (var worker = listening(token, "far", "127.0.0.1:0", tls)) {
        String address = address(worker);
        assertThat(address).startsWith("https://");

        var connected = platform.cli().run("workers", "connect", address);

        assertThat(connected.out()).as(connected.err()).contains("connected to worker far");
        assertThat(Files.readString(home.resolve("worker-far/credential"))).startsWith("ff_");
      }
    }
  }

  private LaunchedProcess listening(String token, String name, String at, String... more) {
    var arguments = new ArrayList<>(List.of("worker", "--listen", at, "--name", name));
    if (!token.isEmpty()) {
      arguments.addAll(List.of("--token", token));
    }
    arguments.addAll(List.of("--data", home.resolve("worker-" + name).toString()));
    arguments.addAll(List.of(more));
    return new Launcher(home).start(arguments.toArray(String[]::new));
  }

  private static String address(LaunchedProcess worker) {
    return worker.awaitLine("listens at (\\S+)", BOUND).group(1);
  }
}
