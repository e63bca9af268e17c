package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.fanfare.client.CallOptions;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FunctionFailed;
import dev.fanfare.client.Interrupted;
import dev.fanfare.client.NotEnded;
import dev.fanfare.client.Refused;
import dev.fanfare.client.Submitted;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.session.ScriptedWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Java client and the gateway understand each other. */
@Timeout(60)
class ClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;
  static Fanfare fanfare;

  record Point(int x, int y) {}

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "fail", "reject", "slow");
    worker = platform.worker("w1", ClientTest::run);
    fanfare = Fanfare.connect(platform.uri(""), platform.admin);
  }

  @AfterAll
  static void stop() throws Exception {
    fanfare.close();
    worker.cut();
    platform.close();
  }

  private static Optional<Outcome> run(Lease lease) {
    return switch (lease.function().value()) {
      case "fail" ->
          failure(FailureCode.USER_FAULT, "java.io.IOException", "\tat a.B.c(B.java:1)", 0);
      case "reject" -> failure(FailureCode.REJECTED, "dev.fanfare.function.Reject", "", 418);
      case "slow" -> Optional.empty();
      default -> TestGateway.echo(lease);
    };
  }

  private static Optional<Outcome> failure(
      FailureCode code, String type, String stack, int status) {
    return Optional.of(new Outcome.Failure(new Fault(code, type, "on purpose", stack, status)));
  }

  @Test
  void aTypedResultComesBack() {
    assertThat(fanfare.function("echo", Point.class).call(new Point(1, 2)))
        .isEqualTo(new Point(1, 2));
    byte[] large = new byte[300_000];
    large[299_999] = 7;
    assertThat(fanfare.function("echo", byte[].class).call(large)).isEqualTo(large);
  }

  @Test
  void optionsReachTheWorker() {
    var options =
        CallOptions.NONE
            .withPriority(7)
            .withTimeout(Duration.ofMillis(1500))
            .withDeadline(Duration.ofMinutes(1))
            .withCallId("order 7")
            .withConstraints("os=linux");
    fanfare.function("echo:live", Point.class).with(options).call(new Point(1, 2));
    assertThat(worker.leases())
        .anySatisfy(
            lease -> {
              assertThat(lease.callId()).isEqualTo("order 7");
              assertThat(lease.timeoutMicros()).isEqualTo(1_500_000);
            });
  }

  @Test
  void aFailureArrivesWithAllThatIsKnownOfIt() {
    var failed =
        catchThrowableOfType(
            FunctionFailed.class, () -> fanfare.function("fail", Point.class).call());
    assertThat(failed.code()).isEqualTo("user-fault");
    assertThat(failed.type()).isEqualTo("java.io.IOException");
    assertThat(failed.remoteMessage()).isEqualTo("on purpose");
    assertThat(failed.remoteStack()).contains("at a.B.c(B.java:1)");
    assertThat(failed.worker()).hasValue("w1");
    assertThat(failed.attempt()).isEqualTo(1);
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.invocation()).hasSize(26);
    assertThatThrownBy(() -> fanfare.function("reject", Point.class).call())
        .isInstanceOfSatisfying(
            FunctionFailed.class, rejected -> assertThat(rejected.status()).isEqualTo(418));
  }

  @Test
  void whatThePlatformRefusesIsToldApart() {
    assertThatThrownBy(() -> fanfare.function("nothing", Point.class).call())
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.status()).isEqualTo(404));
    assertThatThrownBy(() -> fanfare.function("nothing", Point.class).submit())
        .isInstanceOf(Refused.class);
    try (var stranger = Fanfare.connect(platform.uri(""), "ff_no_body")) {
      assertThatThrownBy(() -> stranger.function("echo", Point.class).call())
          .isInstanceOfSatisfying(
              Refused.class, refused -> assertThat(refused.status()).isEqualTo(401));
    }
  }

  @Test
  void aCallThatNoWorkerCouldRunIsRefusedWithTheReason() {
    var nowhere = CallOptions.NONE.withConstraints("gpu=a100");
    assertThatThrownBy(() -> fanfare.function("echo", Point.class).with(nowhere).call())
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.code()).isEqualTo("no-capacity"))
        .hasMessageContaining("gpu=a100");
  }

  @Test
  void aSubmissionIsFoundAgainByItsId() {
    String id = fanfare.function("echo", Point.class).submit(new Point(3, 4)).id();
    Submitted<Point> again = fanfare.invocation(id, Point.class);
    assertThat(again.result(LONG)).isEqualTo(new Point(3, 4));
    assertThat(again.state()).isEqualTo(Submitted.State.SUCCEEDED);
    assertThat(again.cancel()).isFalse();
  }

  @Test
  void aDelayedSubmissionWaitsForItsTime() {
    var later = CallOptions.NONE.withDelay(Duration.ofHours(1));
    Submitted<Point> submitted =
        fanfare.function("echo", Point.class).with(later).submit(new Point(1, 1));
    assertThat(submitted.state()).isEqualTo(Submitted.State.SCHEDULED);
    assertThat(submitted.cancel()).isTrue();
    assertThat(submitted.state()).isEqualTo(Submitted.State.CANCELLED);
  }

  @Test
  void aRunningInvocationIsWaitedForAndCancelled() {
    Submitted<Point> submitted = fanfare.function("slow", Point.class).submit();
    await().until(() -> submitted.state() == Submitted.State.RUNNING);
    assertThatThrownBy(() -> submitted.result(Duration.ofMillis(50)))
        .isInstanceOfSatisfying(
            NotEnded.class,
            notEnded -> assertThat(notEnded.state()).isEqualTo(Submitted.State.RUNNING));
    assertThat(submitted.cancel()).isTrue();
    assertThatThrownBy(() -> submitted.result(LONG))
        .isInstanceOfSatisfying(
            FunctionFailed.class, failed -> assertThat(failed.code()).isEqualTo("cancelled"));
  }

  @Test
  void anInterruptedCallIsCancelledOnTheWorker() throws InterruptedException {
    int before = slow().size();
    var thrown = new CompletableFuture<Throwable>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    fanfare.function("slow", Point.class).call();
                  } catch (RuntimeException e) {
                    thrown.complete(e);
                  }
                });
    await().until(() -> slow().size() > before);
    caller.interrupt();
    assertThat(thrown.join()).isInstanceOf(Interrupted.class);
    Lease lease = slow().getLast();
    await()
        .untilAsserted(
            () ->
                assertThat(worker.heard(Frame.Revoke.class))
                    .anyMatch(
                        revoke ->
                            revoke.leases().stream()
                                .anyMatch(held -> held.id().equals(lease.id()))));
  }

  private static List<Lease> slow() {
    return worker.leases().stream()
        .filter(lease -> lease.function().value().equals("slow"))
        .toList();
  }
}
