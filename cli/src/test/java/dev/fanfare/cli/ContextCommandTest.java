package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.terminal.CapturedShell;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Platforms that are remembered by name. */
@Timeout(60)
class ContextCommandTest extends CommandScene {
  @Test
  void aContextIsAddedWithAKeyFromAPipeAndUsed() {
    platform.on("GET /v1/functions", 200, FUNCTIONS);
    shell = new CapturedShell(home).piped("ff_id_piped\n".getBytes(StandardCharsets.UTF_8));

    assertThat(run("context", "add", "there", "--url", platform.url())).isZero();
    assertThat(run("list")).isZero();

    assertThat(platform.last().headers()).containsEntry("Authorization", "Bearer ff_id_piped");
    assertThat(run("context", "list")).isZero();
    assertThat(shell.out()).contains("*  there").contains("ff_id_***").doesNotContain("piped");
  }

  @Test
  void anUnknownContextExitsWith4() {
    shell = new CapturedShell(home);

    assertThat(run("list", "--context", "nowhere")).isEqualTo(4);
    assertThat(run("context", "use", "nowhere")).isEqualTo(4);
    assertThat(run("context", "remove", "nowhere")).isEqualTo(4);
  }
}
