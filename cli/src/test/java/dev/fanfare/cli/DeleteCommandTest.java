package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Deleting asks first. */
@Timeout(60)
class DeleteCommandTest extends CommandScene {
  @Test
  void deletingAsksAPersonAndNotAScript() {
    platform.on("DELETE /v1/functions/resize", 204, Map.of(), new byte[0]);
    platform.on("GET /v1/functions/resize", 200, "{\"name\": \"resize\"}");

    assertThat(run("delete", "resize")).isZero();
    assertThat(platform.requests()).hasSize(1);
    assertThat(shell.err()).contains("[y/N]").contains("nothing was deleted");

    assertThat(run("delete", "resize", "--yes")).isZero();
    shell.piped(new byte[0]);
    assertThat(run("delete", "resize")).isZero();
    assertThat(platform.requests()).hasSize(3);
  }

  @Test
  void aFunctionThatIsNotThereIsNotAskedAbout() {
    platform.on("GET /v1/functions/resise", 404, "{\"detail\": \"no function 'resise'\"}");

    assertThat(run("delete", "resise")).isEqualTo(4);
    assertThat(shell.err()).contains("no function 'resise'").doesNotContain("[y/N]");
  }
}
