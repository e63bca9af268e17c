package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class WrongKeysTest {
  private final AtomicLong now = new AtomicLong(1_000_000_000_000L);
  private final WrongKeys wrongKeys = new WrongKeys(() -> Instant.ofEpochMilli(now.get()));

  @Test
  void aFewWrongKeysHoldNobodyUp() {
    tries(WrongKeys.FREE, "10.0.0.1");

    assertThat(pause("10.0.0.1")).isZero();
  }

  @Test
  void eachFurtherOneDoublesThePauseUpToAMinute() {
    tries(WrongKeys.FREE + 1, "10.0.0.1");
    assertThat(pause("10.0.0.1")).isEqualTo(1_000);
    tries(2, "10.0.0.1");
    assertThat(pause("10.0.0.1")).isEqualTo(4_000);
    tries(100, "10.0.0.1");
    assertThat(pause("10.0.0.1")).isEqualTo(WrongKeys.LONGEST_PAUSE_MILLIS);

    now.addAndGet(WrongKeys.LONGEST_PAUSE_MILLIS);
    assertThat(pause("10.0.0.1")).isZero();
  }

  @Test
  void anotherAddressIsNotHeldUp() {
    tries(100, "10.0.0.1");

    assertThat(pause("10.0.0.2")).isZero();
  }

  @Test
  void anIpv6NetworkIsOneAddress() {
    tries(100, "2001:db8:0:1::1");

    assertThat(pause("2001:db8:0:1:ffff::2")).isPositive();
    assertThat(pause("2001:db8:0:2::1")).isZero();
  }

  @Test
  void anAddressThatStoppedTryingStartsAnew() {
    tries(100, "10.0.0.1");
    now.addAndGet(WrongKeys.FORGET_MILLIS + 1);
    tries(WrongKeys.FREE, "10.0.0.1");

    assertThat(pause("10.0.0.1")).isZero();
  }

  @Test
  void thoseWhoTryNowAreRememberedAndNoMoreThanSoMany() {
    for (int i = 0; i < 3 * WrongKeys.ADDRESSES; i++) {
      tries(1, "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255));
      tries(1, "192.168.0.1");
    }

    assertThat(wrongKeys.size()).isEqualTo(WrongKeys.ADDRESSES);
    assertThat(pause("192.168.0.1")).isPositive();
  }

  @Test
  void aGuesserIsToldToWaitWhileGoodKeysPass(@TempDir Path folder) throws Exception {
    try (TestGateway platform = TestGateway.start(folder);
        HttpClient elsewhere =
            HttpClient.newBuilder().localAddress(InetAddress.ofLiteral("127.0.0.2")).build()) {
      assertThat(platform.get("/v1/functions").statusCode()).isEqualTo(200);
      for (int i = 0; i <= WrongKeys.FREE; i++) {
        assertThat(guess(platform, i).statusCode()).isEqualTo(401);
      }

      HttpResponse<String> refused = guess(platform, WrongKeys.FREE);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValue("Retry-After")).contains("1");
      assertThat(TestGateway.json(refused).get("limit").asText()).isEqualTo("wrong-keys");
      assertThat(platform.get("/v1/functions").statusCode()).isEqualTo(200);
      assertThat(
              elsewhere
                  .send(platform.to("/v1/functions").build(), BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(200);
    }
  }

  private static HttpResponse<String> guess(TestGateway platform, int number) throws Exception {
    return platform.send(
        HttpRequest.newBuilder(platform.uri("/v1/functions"))
            .header("Authorization", "Bearer ff_guess_" + number));
  }

  private void tries(int times, String address) {
    for (int i = 0; i < times; i++) {
      wrongKeys.tried(SocketAddress.inetSocketAddress(1234, address));
    }
  }

  private long pause(String address) {
    return wrongKeys.pauseMillis(SocketAddress.inetSocketAddress(4321, address));
  }
}
