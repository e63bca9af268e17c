package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How what is found is written. */
@Timeout(60)
class OutputTest extends CommandScene {
  @Test
  void aListIsATableForPeople() {
    platform.on("GET /v1/functions", 200, FUNCTIONS);

    assertThat(run("list")).isZero();

    assertThat(shell.out().lines().findFirst().orElseThrow()).startsWith("FUNCTION  REVISION");
    assertThat(shell.out())
        .contains("resize    0123456789ab")
        .contains("256 MiB")
        .doesNotContain("\033");
    assertThat(shell.err()).isEmpty();
    assertThat(platform.last().headers()).containsEntry("Authorization", "Bearer ff_id_secret");
  }

  @Test
  void aListIsAnArrayAsJson() {
    platform.on("GET /v1/functions", 200, FUNCTIONS);

    assertThat(run("list", "-o", "json")).isZero();

    assertThat(shell.out().strip()).startsWith("[").endsWith("]").contains("\"name\" : \"resize\"");
  }

  @Test
  void aListIsALineForEachAsNdjson() {
    platform.on("GET /v1/functions", 200, FUNCTIONS);

    assertThat(run("-o", "ndjson", "list")).isZero();

    assertThat(shell.out().strip().lines())
        .hasSize(1)
        .allMatch(line -> line.startsWith("{\"name\":\"resize\""));
  }

  @Test
  void anEmptyListIsAnEmptyArrayAndAHintOnStandardError() {
    platform.on("GET /v1/functions", 200, "{\"functions\": []}");

    assertThat(run("list", "-o", "json")).isZero();
    assertThat(shell.out().strip()).isEqualTo("[ ]");
    assertThat(shell.err()).isEmpty();

    assertThat(run("list")).isZero();
    assertThat(shell.err()).contains("nothing is deployed yet");
  }

  @Test
  void aJoinTokenComesWithTheWholeCommand() {
    platform.on(
        "POST /v1/workers/join-tokens",
        201,
        "{\"token\": \"ff_join_x\", \"expiresAt\": \"2026-01-01T00:00:00Z\"}");

    assertThat(run("workers", "--join", "--ttl", "2h")).isZero();

    assertThat(platform.last().body()).isEqualTo("{\"ttl\":\"2h\"}");
    assertThat(shell.out().strip())
        .isEqualTo("fanfare worker --gateway " + platform.url() + " --token ff_join_x");
  }

  @Test
  void logsAreShownALineEach() {
    platform.on(
        "GET /invocations/01abc/logs",
        200,
        """
        {"time":"2026-01-01T00:00:00.5Z","sequence":1,"source":"out","level":"","text":"hello"}
        {"time":"2026-01-01T00:00:00.6Z","sequence":2,"source":"log","level":"WARNING","text":"careful"}
        """);

    assertThat(run("logs", "01abc")).isZero();

    assertThat(shell.out().lines()).hasSize(2);
    assertThat(shell.out()).contains("out     hello").contains("warning careful");
  }
}
