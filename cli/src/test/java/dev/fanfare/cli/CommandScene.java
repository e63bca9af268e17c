package dev.fanfare.cli;

import dev.fanfare.terminal.CapturedShell;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A shell, and a platform that answers as it is told; a fresh one of each for each test. */
abstract class CommandScene {
  static final String FUNCTIONS =
      """
      {"functions": [{"name": "resize", "revision": "0123456789abcdef", "aliases": {"live": "0123456789abcdef"},
        "deployedAt": "2026-01-01T00:00:00Z", "timeout": 30, "concurrency": 8, "memory": 268435456}]}
      """;

  @TempDir Path home;

  final FakePlatform platform = FakePlatform.start();
  CapturedShell shell;

  @BeforeEach
  void startShell() {
    shell =
        new CapturedShell(home)
            .with("FANFARE_URL", platform.url())
            .with("FANFARE_KEY", "ff_id_secret");
  }

  @AfterEach
  void stop() {
    platform.close();
  }

  int run(String... words) {
    return Main.run(shell.shell(), words);
  }
}
