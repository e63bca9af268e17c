package dev.fanfare.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.context.ContextFile;
import dev.fanfare.context.Contexts;
import dev.fanfare.context.Endpoint;
import dev.fanfare.gateway.GatewayConfiguration;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PlatformTest {
  @TempDir static Path data;
  @TempDir Path folder;

  private static Platform platform;

  @BeforeAll
  static void start() {
    platform = Platform.start(configuration(data, "127.0.0.1", 0), Phases.untold());
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void itAnswersWithAnAdminKey() {
    String key = AdminKey.issue(platform.keys(), "test");

    try (Remote remote = Remote.of(new Endpoint(platform.url(), Optional.of(key), "test"))) {
      assertThat(remote.get("/v1/functions").path("functions")).isEmpty();
    }
  }

  @Test
  void itRefusesAStranger() {
    try (Remote remote = Remote.of(new Endpoint(platform.url(), Optional.empty(), "test"))) {
      assertThatThrownBy(() -> remote.get("/v1/functions"))
          .isInstanceOf(CommandException.class)
          .hasMessageContaining("no key for " + platform.url());
    }
  }

  @Test
  void aContextGetsAKeyOnceAndANewOneWhenItLostIt() {
    ContextFile file = ContextFile.in(folder);

    AdminKey.save(platform.keys(), file, "local", platform.url());
    Contexts first = file.load();
    assertThat(AdminKey.save(platform.keys(), file, "local", platform.url()))
        .isEqualTo(AdminKey.Change.NONE);
    assertThat(file.load()).isEqualTo(first);

    file.save(Contexts.NONE);
    assertThat(AdminKey.save(platform.keys(), file, "local", platform.url()))
        .isEqualTo(AdminKey.Change.RENEWED);
    assertThat(file.load().find("local").orElseThrow().key()).isPresent();
  }

  @Test
  void aContextFollowsThePlatformToAnotherPort() {
    ContextFile file = ContextFile.in(folder);
    AdminKey.save(platform.keys(), file, "local", "http://127.0.0.1:1");

    AdminKey.save(platform.keys(), file, "local", platform.url());

    assertThat(file.load().find("local").orElseThrow().url()).isEqualTo(platform.url());
  }

  @Test
  void aTakenPortIsNamedAndNothingIsLeftBehind() {
    int taken = URI.create(platform.url()).getPort();
    PlatformConfiguration second = configuration(folder, "127.0.0.1", taken);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> Platform.start(second, Phases.untold()))
          .isInstanceOfSatisfying(
              CommandException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.PLATFORM))
          .hasMessageContaining("port " + taken);
    }
  }

  @Test
  void aFolderInUseIsNamed() {
    assertThatThrownBy(() -> Platform.start(configuration(data, "127.0.0.1", 0), Phases.untold()))
        .hasMessageContaining(data.toString())
        .hasMessageContaining("in use");
  }

  @Test
  void aPublicAddressWithoutTlsIsRefused() {
    assertThatThrownBy(() -> Platform.start(configuration(folder, "0.0.0.0", 0), Phases.untold()))
        .hasMessageContaining("--insecure");
  }

  @Test
  void theUrlOfAnAddressForAllIsOneThatThisMachineReaches() {
    assertThat(configuration(folder, "0.0.0.0", 0).url(80)).isEqualTo("http://127.0.0.1:80");
    assertThat(configuration(folder, "::1", 0).url(80)).isEqualTo("http://[::1]:80");
    assertThat(configuration(folder, "box.local", 0).url(80)).isEqualTo("http://box.local:80");
  }

  private static PlatformConfiguration configuration(Path data, String host, int port) {
    return new PlatformConfiguration(
        NodeConfiguration.alone(data),
        GatewayConfiguration.DEFAULT.at(host, port),
        Optional.empty());
  }
}
