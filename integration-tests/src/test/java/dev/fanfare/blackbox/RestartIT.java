package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the ledger holds is found again after a stop. */
class RestartIT {
  @TempDir Path home;

  @Test
  void revisionsAliasesKeysAndHistoryAreThereAfterARestart() {
    String id;
    String key;
    try (var platform = Platform.up(home)) {
      platform.deploy(TroublesomeFunctions.jar(home));
      id = platform.call("fine", "\"once\"").headers().firstValue("X-Invocation-Id").orElseThrow();
      key = platform.key();
      assertThat(platform.process().terminate()).isIn(0, 143);
    }
    try (var platform = Platform.up(home)) {
      assertThat(platform.key()).isEqualTo(key);
      assertThat(platform.call("fine", "\"again\"").body()).contains("fine: again");
      var record = Platform.json(platform.get("/invocations/" + id));
      assertThat(record.get("state").asText()).isEqualTo("SUCCEEDED");
      assertThat(platform.get("/invocations/" + id + "/result").body()).contains("fine: once");
    }
  }

  @Test
  void aTakenPortAndALockedFolderAreNamed() {
    try (var platform = Platform.up(home)) {
      String port = String.valueOf(platform.url().getPort());
      var taken =
          platform.cli().run("up", "--port", port, "--data", home.resolve("other").toString());
      assertThat(taken.exit()).as(taken.err()).isEqualTo(3);
      assertThat(taken.err()).contains(port);

      var locked =
          platform.cli().run("up", "--port", "0", "--data", home.resolve("platform").toString());
      assertThat(locked.exit()).as(locked.err()).isEqualTo(3);
      assertThat(locked.err()).contains("platform");
    }
  }

  @Test
  void aPublicAddressWithoutTlsIsRefused() {
    var refused = new Launcher(home).run("up", "--host", "0.0.0.0", "--port", "0");

    assertThat(refused.exit()).as(refused.err()).isEqualTo(3);
    assertThat(refused.err()).contains("--insecure");
  }
}
