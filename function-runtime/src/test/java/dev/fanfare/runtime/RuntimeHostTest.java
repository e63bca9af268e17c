package dev.fanfare.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OwnThread.class)
class RuntimeHostTest {
  @TempDir Path blobs;
  private RuntimeHarness runtime;

  @BeforeEach
  void load() {
    runtime = new RuntimeHarness(blobs);
  }

  @Test
  void anExceptionIsTheFunctionsFaultWithItsOwnFramesOnly() {
    Fault fault = runtime.fault("fail", "");
    assertThat(fault.code()).isEqualTo(FailureCode.USER_FAULT);
    assertThat(fault.type()).isEqualTo("java.lang.IllegalStateException");
    assertThat(fault.message()).isEqualTo("boom");
    assertThat(fault.stack())
        .startsWith("java.lang.IllegalStateException: boom\n    at ")
        .contains("dev.fanfare.sample.Troubles.fail")
        .contains("Caused by: java.io.IOException: deep")
        .doesNotContain("dev.fanfare.code")
        .doesNotContain("dev.fanfare.runtime")
        .doesNotContain("java.lang.reflect");
  }

  @Test
  void anExceptionThatCannotTellItselfIsToldForIt() {
    Fault fault = runtime.fault("nasty", "");
    assertThat(fault.type()).isEqualTo("dev.fanfare.sample.Troubles$Nasty");
    assertThat(fault.message()).contains("getMessage threw java.lang.IllegalStateException");
  }

  @Test
  void aRejectHasItsStatusAndNoStack() {
    Fault fault = runtime.fault("reject", "");
    assertThat(fault.code()).isEqualTo(FailureCode.REJECTED);
    assertThat(fault.status()).isEqualTo(422);
    assertThat(fault.message()).isEqualTo("quantity must be at least 1");
  }

  @Test
  void endlessRecursionIsAFaultOfBoundedSize() {
    Fault fault = runtime.fault("deep", "");
    assertThat(fault.type()).isEqualTo("java.lang.StackOverflowError");
    assertThat(fault.stack().length()).isLessThanOrEqualTo(Fault.STACK_LIMIT);
  }

  @Test
  void aStaticInitialiserThatFailsIsNamedTheFirstTimeAndLater() {
    Fault first = runtime.fault("broken", "");
    assertThat(first.code()).isEqualTo(FailureCode.USER_FAULT);
    assertThat(first.message())
        .startsWith("dev.fanfare.sample.Troubles$Broken failed to initialise: ")
        .contains("NoSuchElementException");
    Fault second = runtime.fault("broken", "");
    assertThat(second.message())
        .startsWith("dev.fanfare.sample.Troubles$Broken failed to initialise before");
  }

  @Test
  void aMissingClassIsNamed() {
    Fault fault = runtime.fault("missing", "");
    assertThat(fault.code()).isEqualTo(FailureCode.USER_FAULT);
    assertThat(fault.message()).startsWith("class dev.fanfare.sample.Troubles$Gone is missing");
  }

  @Test
  void aFunctionThatTheRevisionDoesNotHaveIsTold() {
    assertThat(runtime.fault("no-such", "").code()).isEqualTo(FailureCode.NO_SUCH_REVISION);
  }

  @Test
  void resultsThatHaveNoJsonFormAreTold() {
    assertThat(runtime.fault("cyclic", "").code()).isEqualTo(FailureCode.BAD_RESULT);
    assertThat(runtime.fault("cyclic", "").message()).contains("refers to itself");
    assertThat(runtime.fault("opaque", "").message()).contains("Troubles$Opaque has no JSON form");
    assertThat(runtime.fault("throwing-getter", "").message())
        .contains("java.lang.IllegalStateException: no name at name");
  }

  @Test
  void aLargeResultIsLeftUnderItsHash() throws IOException {
    var blob = (Payload.Blob) runtime.result("big", "{\"size\":100000}");
    byte[] kept = Files.readAllBytes(blobs.resolve(blob.hash().hex()));
    assertThat(kept).hasSize(100_000);
    assertThat(blob.size()).isEqualTo(100_000);
    assertThat(Sha256.of(kept)).isEqualTo(blob.hash());
    assertThat(blob.contentType()).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void aResultOverTheLimitIsRefusedAndLeavesNothingBehind() throws IOException {
    Fault fault = runtime.fault("big-json", "{\"size\":" + RuntimeHarness.RESULT_LIMIT + "}");
    assertThat(fault.code()).isEqualTo(FailureCode.RESULT_TOO_LARGE);
    assertThat(fault.message()).contains("1.0 MiB");
    assertThat(runtime.fault("big", "{\"size\":2000000}").code())
        .isEqualTo(FailureCode.RESULT_TOO_LARGE);
    try (var files = Files.list(blobs)) {
      assertThat(files).noneMatch(file -> file.getFileName().toString().startsWith("."));
    }
  }

  @Test
  void nothingIsAnEmptyBody() {
    assertThat(runtime.result("nothing", "")).isEqualTo(Payload.EMPTY);
  }

  @Test
  void thePlatformsOwnClassesAreHidden() {
    assertThat(runtime.call("hidden", "")).isEqualTo("hidden");
  }

  @Test
  void aFunctionThatInterruptsItselfDoesNotHarmTheNext() {
    runtime.call("interrupt-self", "");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void revokingInterruptsWhatRuns() {
    Lease lease = runtime.lease("sleep", json("{\"millis\":60000}"));
    Thread runner = Thread.ofPlatform().start(() -> runtime.run(lease));
    var held = new Frame.Held(lease.id(), lease.fence());
    await()
        .untilAsserted(
            () -> {
              runtime.host.received(new Frame.Revoke(List.of(held), "by its caller"));
              assertThat(runtime.settled).hasSize(1);
            });
    assertThat(runtime.settled.element().outcome())
        .isEqualTo(new Outcome.Cancelled("by its caller"));
    await().until(() -> !runner.isAlive());
  }

  @Test
  void whatHasNotStartedIsGivenBackWhenAsked() {
    Lease first = runtime.lease("sleep", json("{\"millis\":60000}"));
    Lease second = runtime.lease("count", Payload.EMPTY);
    Thread runner =
        Thread.ofPlatform()
            .start(() -> runtime.host.received(new Frame.Leases(List.of(first, second))));
    var secondHeld = new Frame.Held(second.id(), second.fence());
    await()
        .untilAsserted(
            () -> {
              runtime.host.received(new Frame.Returned(List.of(secondHeld)));
              assertThat(runtime.returned).containsExactly(secondHeld);
            });
    runtime.host.received(
        new Frame.Revoke(List.of(new Frame.Held(first.id(), first.fence())), "enough"));
    await().until(() -> !runner.isAlive());
    assertThat(runtime.settled).hasSize(1);
  }

  @Test
  void eightRunAtOnceWhereEightAreAllowed() {
    var leases = new ArrayList<Lease>();
    for (int i = 0; i < 16; i++) {
      leases.add(runtime.lease("together", Payload.EMPTY));
    }
    runtime.host.received(new Frame.Leases(leases));
    await().until(() -> runtime.settled.size() == 16);
    assertThat(runtime.settled).allMatch(s -> s.outcome() instanceof Outcome.Success);
  }

  @Test
  void anUnreadableRevisionIsToldInWords() throws IOException {
    Path broken = Files.writeString(blobs.resolve("broken"), "{}");
    var said = new ArrayList<Frame>();
    var host = new RuntimeHost(new Saying(said), true);
    host.received(
        new Frame.Load(
            dev.fanfare.sample.SampleJar.make().id(), broken.toString(), "x", blobs.toString(), 1));
    assertThat(said).singleElement().isInstanceOf(Frame.Bye.class);
    assertThat(((Frame.Bye) said.getFirst()).reason()).startsWith("the revision cannot be loaded");
  }

  private record Saying(List<Frame> said) implements OpenLink {
    @Override
    public void send(Frame frame) {
      said.add(frame);
    }
  }

  private static Payload json(String text) {
    return new Payload.Inline(
        "application/json", text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
