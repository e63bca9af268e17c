package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user does from a terminal: deploy, call, look, move, undo, delete. */
class JourneyIT {
  @TempDir static Path home;
  private static Platform platform;

  @BeforeAll
  static void start() {
    platform = Platform.up(home);
    platform.deploy(Platform.examplesJar());
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @Test
  void deployingTheSameJarAgainChangesNothing() {
    var again = platform.deploy(Platform.examplesJar());

    assertThat(again.out() + again.err()).containsIgnoringCase("unchanged");
  }

  @Test
  void aFunctionIsCalledWithABodyAFileAndFlags() {
    var body = platform.cli().run("invoke", "hello", "-d", "\"Ada\"");
    assertThat(body.exit()).as(body.err()).isZero();
    assertThat(body.out()).contains("Ada");

    var input = platform.cli().runWithInput("one two two", "invoke", "word-count", "--file", "-");
    assertThat(input.exit()).as(input.err()).isZero();
    assertThat(Platform.json(input.out()).toString()).contains("two");
  }

  @Test
  void aFailureExitsWithOneAndAnUnknownFunctionWithFour() {
    var failed = platform.cli().run("invoke", "fail", "-d", "{}");
    assertThat(failed.exit()).as(failed.err()).isEqualTo(1);
    assertThat(failed.err()).contains("user-fault");
    assertThat(platform.cli().run("invoke", "no-such", "-d", "{}").exit()).isEqualTo(4);
    assertThat(platform.cli().run("invoke").exit()).isEqualTo(2);
  }

  @Test
  void anAsynchronousCallIsFollowedByItsId() {
    var submitted = platform.cli().run("invoke", "hello", "-d", "\"Bob\"", "--async", "-o", "json");
    assertThat(submitted.exit()).as(submitted.err()).isZero();
    String id = Platform.json(submitted.out()).get("id").asText();

    var result = platform.cli().run("result", id);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("Bob");
    var listed = platform.cli().run("invocations", "-o", "json");
    assertThat(listed.out()).contains(id);
  }

  @Test
  void describeShowsFiguresAndWorkersShowsTheWorker() {
    platform.call("hello", "\"figures\"");

    var described = platform.cli().run("describe", "hello");
    assertThat(described.exit()).as(described.err()).isZero();
    assertThat(described.out()).contains("p50").contains("p99");
    var workers = Platform.json(platform.cli().run("workers", "-o", "json").out());
    assertThat(workers.toString()).contains("slots");
  }

  @Test
  void aRollbackServesWhatWasServedBefore() {
    platform.deploy(greeting("first"));
    platform.deploy(greeting("second"));
    assertThat(platform.call("greeting", "{}").body()).contains("second");

    var rolledBack = platform.cli().run("rollback", "greeting");

    assertThat(rolledBack.exit()).as(rolledBack.err()).isZero();
    assertThat(platform.call("greeting", "{}").body()).contains("first");
    assertThat(platform.cli().run("delete", "greeting").exit()).isZero();
    assertThat(platform.call("greeting", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void everyCommandHasHelpAndDoctorIsContent() {
    for (String command :
        new String[] {"up", "deploy", "invoke", "logs", "worker", "alias", "context"}) {
      var help = platform.cli().run(command, "--help");
      assertThat(help.exit()).as(command).isZero();
      assertThat(help.out()).contains("Usage: fanfare " + command);
    }
    var doctor = platform.cli().run("doctor");
    assertThat(doctor.exit()).as(doctor.out() + doctor.err()).isZero();
    assertThat(platform.cli().run("version").out()).contains("0.1.0");
  }

  private static Path greeting(String text) {
    return TestJar.of(
        home,
        "Greeting",
        """
        import dev.fanfare.function.Fn;
        public class Greeting {
          @Fn public String greeting() { return "%s"; }
        }
        """
            .formatted(text));
  }
}
