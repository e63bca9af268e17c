package dev.fanfare.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HealthTest {

  @Test
  void theProbeTellsWhatTheServerSays() {
    var ready = new AtomicBoolean(true);
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    URI url;
    try (HealthServer server = HealthServer.listen(anyPort, ready::get)) {
      url = URI.create("http://127.0.0.1:" + server.port() + "/readyz");
      assertThat(HealthProbe.isWell(url)).isTrue();

      ready.set(false);
      assertThat(HealthProbe.isWell(url)).isFalse();
      assertThat(HealthProbe.isWell(url.resolve("/healthz"))).isTrue();
    }
    assertThat(HealthProbe.isWell(url)).as("once it is closed").isFalse();
  }
}
