package dev.fanfare.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SubmittedTest {
  private final FakePlatform platform = new FakePlatform();
  private final Fanfare fanfare = platform.client();

  @AfterEach
  void close() {
    fanfare.close();
    platform.close();
  }

  @Test
  void aSubmissionGivesTheIdAndItsResultLater() {
    platform.accepted();
    Submitted<Integer> submitted = fanfare.function("square", Integer.class).submit(7);
    assertThat(submitted.id()).isEqualTo(FakePlatform.ID);
    assertThat(platform.last().line()).isEqualTo("POST /async-function/square");

    platform.accepted().accepted().json("49");
    assertThat(submitted.result(Duration.ofSeconds(30))).isEqualTo(49);
    assertThat(lines())
        .hasSize(4)
        .last()
        .asString()
        .startsWith("GET /invocations/" + FakePlatform.ID + "/result?wait=");
  }

  @Test
  void anInvocationIsFoundByItsIdAgain() {
    platform.json("49");
    assertThat(fanfare.invocation(FakePlatform.ID, Integer.class).result(Duration.ofSeconds(1)))
        .isEqualTo(49);
  }

  @Test
  void stateAndCancelAreAsked() {
    var invocation = fanfare.invocation(FakePlatform.ID, Void.class);
    platform.json("{\"id\":\"x\",\"state\":\"RUNNING\"}");
    assertThat(invocation.state()).isEqualTo(Submitted.State.RUNNING);
    platform.json("{\"id\":\"x\",\"state\":\"CANCELLED\"}");
    assertThat(invocation.cancel()).isTrue();
    platform.problem(409, "already-ended", "");
    assertThat(invocation.cancel()).isFalse();
    assertThat(lines())
        .containsExactly(
            "GET /invocations/" + FakePlatform.ID,
            "DELETE /invocations/" + FakePlatform.ID,
            "DELETE /invocations/" + FakePlatform.ID);
    platform.problem(404, "no-such-invocation", "");
    assertThatThrownBy(invocation::cancel).isInstanceOf(Refused.class);
    platform.json("{\"state\":\"DREAMING\"}");
    assertThatThrownBy(invocation::state)
        .isInstanceOf(BadAnswer.class)
        .hasMessageContaining("DREAMING");
  }

  @Test
  void aWaitThatIsOverSaysHowItStands() {
    platform.answer(202, "application/json", "{\"state\":\"QUEUED\"}");
    var notEnded =
        catchThrowableOfType(
            NotEnded.class,
            () -> fanfare.invocation(FakePlatform.ID, Void.class).result(Duration.ZERO));
    assertThat(notEnded.state()).isEqualTo(Submitted.State.QUEUED);
    assertThat(notEnded.invocation()).isEqualTo(FakePlatform.ID);
  }

  @Test
  void aFailureComesOutOfTheResult() {
    platform.problem(409, "cancelled", "", "X-Function-Error", "cancelled");
    assertThatThrownBy(
            () -> fanfare.invocation(FakePlatform.ID, Void.class).result(Duration.ofSeconds(1)))
        .isInstanceOfSatisfying(
            FunctionFailed.class, failed -> assertThat(failed.code()).isEqualTo("cancelled"));
  }

  @Test
  void aFailureWithStatus503IsNoReasonToAskAgain() {
    platform.problem(503, "expired", "", "X-Function-Error", "expired");
    assertThatThrownBy(
            () -> fanfare.invocation(FakePlatform.ID, Void.class).result(Duration.ofSeconds(5)))
        .isInstanceOf(FunctionFailed.class);
    assertThat(platform.asked()).hasSize(1);
  }

  @Test
  void waitingOutlivesAGatewayThatIsAwayForAMoment() {
    platform.problem(503, "shutting-down", "").problem(503, "shutting-down", "").json("1");
    assertThat(fanfare.invocation(FakePlatform.ID, Integer.class).result(Duration.ofSeconds(30)))
        .isEqualTo(1);
  }

  @Test
  void aSubmissionIsRepeatedWhileThePlatformIsBusy() {
    platform
        .problem(429, "queue-full", "", "Retry-After", "0")
        .problem(503, "shutting-down", "")
        .accepted();
    fanfare.function("f", Void.class).submit();
    assertThat(platform.asked()).hasSize(3);
  }

  @Test
  void aSubmissionThatMayHaveBeenAcceptedIsNotRepeated() {
    platform.problem(503, "uncertain", "", "Retry-After", "0").accepted();
    assertThatThrownBy(() -> fanfare.function("f", Void.class).submit())
        .isInstanceOf(Refused.class)
        .hasMessageContaining("uncertain");
    assertThat(platform.asked()).hasSize(1);
  }

  @Test
  void aStreamIsNotSentTwice() {
    platform.problem(503, "shutting-down", "").accepted();
    var stream = new ByteArrayInputStream(new byte[10]);
    assertThatThrownBy(() -> fanfare.function("f", Void.class).submit(stream))
        .isInstanceOf(Refused.class);
    assertThat(platform.asked()).hasSize(1);
  }

  @Test
  void anAnswerThatIsNoAcceptanceIsSaidInWords() {
    platform.json("{}");
    assertThatThrownBy(() -> fanfare.function("f", Void.class).submit())
        .isInstanceOf(BadAnswer.class);
    platform.answer(202, "text/html", "<h1>Welcome</h1>");
    assertThatThrownBy(() -> fanfare.function("f", Void.class).submit())
        .isInstanceOf(BadAnswer.class)
        .hasMessageContaining("is this a Fanfare platform");
  }

  private List<String> lines() {
    return platform.asked().stream().map(FakePlatform.Asked::line).toList();
  }
}
