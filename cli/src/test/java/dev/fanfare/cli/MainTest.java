package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.command.Fanfare;
import dev.fanfare.terminal.CapturedShell;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

class MainTest {
  private static final String FUNCTIONS =
      """
      {"functions": [{"name": "resize", "revision": "0123456789abcdef", "aliases": {"live": "0123456789abcdef"},
        "deployedAt": "2026-01-01T00:00:00Z", "timeout": 30, "concurrency": 8, "memory": 268435456}]}
      """;
  private static final String RESIZE =
      """
      {"name": "resize", "inputSchema": {"type": "object", "properties": {"width": {"type": "integer"}}}}
      """;

  @TempDir Path home;

  private final FakePlatform platform = FakePlatform.start();
  private CapturedShell shell;

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

  // ---- output ----

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

  // ---- invoking ----

  @Test
  void aResultIsWrittenByteForByte() {
    byte[] bytes = {0, 1, (byte) 0xFF, '\n'};
    platform.on("POST /function/thumbnail", 200, Map.of("Content-Type", "image/png"), bytes);

    assertThat(run("invoke", "thumbnail", "-d", "{}")).isZero();

    assertThat(shell.outBytes()).isEqualTo(bytes);
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void flagsBecomeAnArgumentByTheSchema() {
    platform.on("GET /v1/functions/resize", 200, RESIZE);
    platform.on(
        "POST /function/resize:beta",
        200,
        Map.of("X-Invocation-Id", "01abc", "X-Call-Id", "01abc", "X-Duration-Seconds", "0.0123"),
        new byte[] {'1'});

    assertThat(run("invoke", "resize:beta", "--width", "200", "-v")).isZero();

    assertThat(platform.last().body()).isEqualTo("{\"width\":200}");
    assertThat(platform.last().headers()).containsEntry("Content-type", "application/json");
    assertThat(shell.err().strip()).isEqualTo("succeeded: took 12.3 ms, invocation 01abc");
  }

  @Test
  void parametersNamedLikeOptionsGoBehindTwoDashes() {
    platform.on(
        "GET /v1/functions/copy",
        200,
        "{\"inputSchema\": {\"type\": \"object\", \"properties\": {\"file\": {\"type\":"
            + " \"string\"}}}}");
    platform.on("POST /function/copy", 200, "1");

    assertThat(run("invoke", "copy", "--", "--file", "a")).isZero();

    assertThat(platform.last().body()).isEqualTo("{\"file\":\"a\"}");
  }

  @Test
  void standardInputIsTheBodyWhenItIsAPipe() {
    platform.on("POST /function/word-count", 200, "3");
    shell.piped("a b c\n".getBytes(StandardCharsets.UTF_8));

    assertThat(run("invoke", "word-count")).isZero();

    assertThat(platform.last().body()).isEqualTo("a b c\n");
    assertThat(platform.last().headers())
        .containsEntry("Content-type", "text/plain; charset=utf-8");
  }

  @Test
  void aFileIsTheBodyAndItsNameTellsTheType() throws IOException {
    platform.on("POST /function/resize", 200, "1");
    Path file = Files.writeString(home.resolve("a.json"), "{\"width\": 1}");

    assertThat(run("invoke", "resize", "--file", file.toString())).isZero();

    assertThat(platform.last().body()).isEqualTo("{\"width\": 1}");
    assertThat(platform.last().headers()).containsEntry("Content-type", "application/json");
  }

  @Test
  void anAsynchronousCallPrintsItsId() {
    platform.on("POST /async-function/resize", 202, "{\"id\": \"01abc\", \"state\": \"QUEUED\"}");

    assertThat(run("invoke", "resize", "--async", "-d", "{}", "--priority", "5")).isZero();

    assertThat(shell.out().strip()).isEqualTo("01abc");
    assertThat(platform.last().headers()).containsEntry("X-priority", "5");
  }

  @Test
  void aResultIsWaitedForNoLongerThanTold() {
    platform.on(
        "GET /invocations/01abc/result?wait=2s",
        202,
        "{\"id\": \"01abc\", \"state\": \"RUNNING\"}");

    assertThat(run("result", "01abc", "--wait-for", "2s")).isEqualTo(3);

    assertThat(shell.err()).contains("01abc is running");
  }

  @Test
  void demandsOfACallTravelAsHeaders() {
    platform.on("POST /function/resize", 200, "1");

    assertThat(
            run(
                "invoke",
                "resize",
                "-d",
                "{}",
                "--timeout",
                "1500ms",
                "--constraint",
                "gpu=a100",
                "-H",
                "X-Own: 1"))
        .isZero();

    assertThat(platform.last().headers())
        .containsEntry("X-timeout", "1500ms")
        .containsEntry("X-constraint", "gpu=a100")
        .containsEntry("X-own", "1");
  }

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

  @Test
  void aWrongKeyIsToldWithItsPlace() {
    platform.on("GET /v1/functions", 401, "{\"detail\": \"not known\"}");

    assertThat(run("list", "--key", "ff_wrong")).isEqualTo(3);
    assertThat(shell.err()).contains("the key of --key or FANFARE_KEY is not valid");
  }

  @Test
  void anAsynchronousCallCanBeWaitedFor() {
    platform.on("POST /async-function/resize", 202, "{\"id\": \"01abc\", \"state\": \"QUEUED\"}");
    platform.on("GET /invocations/01abc/result?wait=3s", 200, "\"done\"");

    assertThat(run("invoke", "resize", "--async", "--wait", "-d", "{}")).isZero();

    assertThat(shell.out()).isEqualTo("\"done\"");
  }

  @Test
  void aFailureTellsCodeMessageAndRemoteStackAndExitsWith1() {
    platform.on(
        "POST /function/resize",
        500,
        Map.of("X-Function-Error", "user-fault", "X-Worker", "w1", "X-Attempt", "2"),
        """
        {"status": 500, "detail": "boom", "code": "user-fault", "invocation": "01abc",
         "error": {"code": "user-fault", "type": "java.lang.IllegalStateException", "message": "boom",
          "stack": "java.lang.IllegalStateException: boom\\n\\tat com.example.Images.resize(Images.java:7)"}}
        """
            .getBytes(StandardCharsets.UTF_8));

    assertThat(run("invoke", "resize", "-d", "{}")).isEqualTo(1);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err())
        .contains("resize failed: user-fault")
        .contains("java.lang.IllegalStateException: boom")
        .contains("Images.java:7")
        .contains("attempt 2, worker w1, logs: fanfare logs 01abc");
  }

  @Test
  void aWorkerLostIsThePlatformsFaultAndExitsWith3() {
    platform.on(
        "POST /function/resize",
        502,
        Map.of("X-Function-Error", "worker-lost"),
        "{\"detail\": \"three workers were lost\", \"error\": {\"message\": \"lost\"}}"
            .getBytes(StandardCharsets.UTF_8));

    assertThat(run("invoke", "resize", "-d", "{}")).isEqualTo(3);
  }

  @Test
  void anUnknownFunctionExitsWith4() {
    assertThat(run("invoke", "nothing", "-d", "{}")).isEqualTo(4);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).contains("there is no such thing");
  }

  @Test
  void aResultThatIsNotThereYetExitsWith3AndSaysWhy() {
    platform.on(
        "GET /invocations/01abc/result",
        202,
        "{\"id\": \"01abc\", \"state\": \"QUEUED\", \"why\": \"no worker is connected\"}");

    assertThat(run("result", "01abc", "--no-wait")).isEqualTo(3);

    assertThat(shell.err()).contains("01abc is queued: no worker is connected");
  }

  // ---- usage ----

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invoke resize -d {} --file x",
        "invoke resize --priority 101 -d {}",
        "invoke resize --delay 1s -d {}",
        "invoke Resize! -d {}",
        "invocations --since yesterday",
        "invocations --limit 0",
        "list -o yaml",
        "deploy /nowhere/app.jar",
        "up --port 99999",
        "up --tls-key a.pem",
        "worker --gateway 127.0.0.1:8080",
        "worker",
        "frobnicate",
        "list --frobnicate",
        "alias"
      })
  void aWrongCommandLineExitsWith2AndSaysSoOnStandardError(String line) {
    assertThat(run(line.split(" "))).isEqualTo(2);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).startsWith("fanfare: ");
  }

  @Test
  void withoutACommandHelpGoesToStandardError() {
    assertThat(run()).isEqualTo(2);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err()).contains("Usage: fanfare").contains("Deploy and call");
  }

  @Test
  void everyCommandIsInAGroupOfTheHelp() {
    run("--help");

    assertThat(visibleCommands())
        .allSatisfy(name -> assertThat(shell.out()).contains("  " + name + " "));
  }

  @Test
  void anUnknownCommandAndAnUnknownFlagSuggestTheNearOne() {
    run("invok");
    run("list", "--outptu", "json");

    assertThat(shell.err())
        .contains("unknown command 'invok', did you mean 'invoke'?")
        .contains("unknown option '--outptu', did you mean '--output'?");
  }

  @Test
  void helpGoesToStandardOutputAndShowsTheEnvironmentVariable() {
    assertThat(run("up", "--help")).isZero();

    assertThat(shell.out()).contains("--insecure").contains("FANFARE_UP_HOST").contains("up.host");
    assertThat(shell.err()).isEmpty();
  }

  // ---- the platform ----

  @Test
  void aPlatformThatIsNotThereExitsWith3() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }

    assertThat(run("list", "--url", "http://127.0.0.1:" + port)).isEqualTo(3);

    assertThat(shell.err())
        .contains("nothing listens at http://127.0.0.1:" + port)
        .contains("fanfare up");
  }

  @Test
  void aRefusedKeyExitsWith3AndIsNotShown() {
    platform.on("GET /v1/functions", 401, "{\"detail\": \"the key is not valid\"}");

    assertThat(run("list")).isEqualTo(3);

    assertThat(shell.err()).contains("not valid").doesNotContain("secret");
  }

  @Test
  void anAnswerThatIsNotJsonIsToldAsSuch() {
    platform.on("GET /v1/functions", 200, "<html>");

    assertThat(run("list")).isEqualTo(3);

    assertThat(shell.err()).contains("is it a Fanfare gateway?");
  }

  @Test
  void everyProblemOfAJarIsListed() throws IOException {
    platform.on(
        "POST /v1/functions",
        400,
        "{\"detail\": \"the jar cannot be deployed\", \"problems\": [{\"message\": \"A.a: twice\"},"
            + " {\"message\": \"B.b: odd\"}]}");
    Path jar = Files.writeString(home.resolve("app.jar"), "no jar");

    assertThat(run("deploy", jar.toString())).isEqualTo(3);

    assertThat(shell.err()).contains("- A.a: twice").contains("- B.b: odd");
  }

  @Test
  void withoutAPlatformChosenTheFirstStepsAreTold() {
    shell = new CapturedShell(home);

    assertThat(run("list")).isEqualTo(2);

    assertThat(shell.err()).contains("fanfare up");
  }

  // ---- contexts ----

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

  // ---- the rest ----

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

  @Test
  void completionIsAScriptThatKnowsTheCommands() {
    assertThat(run("completion", "bash")).isZero();

    assertThat(shell.out()).startsWith("#!/usr/bin/env bash").contains("invocations");
  }

  @Test
  void theVersionNamesTheProtocol() {
    assertThat(run("version")).isZero();
    assertThat(run("version", "-o", "json")).isZero();

    assertThat(shell.out()).contains("session protocol 1").contains("\"protocol\" : 1");
  }

  private List<String> visibleCommands() {
    return new CommandLine(new Fanfare(shell.shell()))
        .getSubcommands().values().stream()
            .map(CommandLine::getCommandSpec)
            .filter(command -> !command.usageMessage().hidden())
            .map(CommandSpec::name)
            .distinct()
            .toList();
  }

  private int run(String... words) {
    return Main.run(shell.shell(), words);
  }
}
