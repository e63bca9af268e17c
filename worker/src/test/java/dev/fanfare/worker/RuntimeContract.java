package dev.fanfare.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.LogLine;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every kind of runtime does. */
@Timeout(60)
abstract class RuntimeContract {
  @TempDir Path folder;
  final Vertx vertx = Vertx.vertx();
  final Context context = vertx.getOrCreateContext();
  HostedSamples runtime;

  /** Starts one; called on the context. */
  abstract Future<StartedRuntime> start();

  /** Ends what {@link #start} needed. */
  abstract Future<Void> end();

  @BeforeEach
  void load() throws Exception {
    Future<StartedRuntime> starting =
        Future.future(promise -> context.runOnContext(now -> start().onComplete(promise)));
    runtime = new HostedSamples(context, get(starting), folder.resolve("blobs"));
  }

  @AfterEach
  void close() throws Exception {
    runtime.kill();
    get(Future.<Void>future(done -> context.runOnContext(now -> end().onComplete(done))));
    get(vertx.close());
  }

  static <T> T get(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  @Test
  void jsonTextAndBytesComeBackEachInItsForm() {
    runtime.host();
    assertThat(runtime.run("echo", "{\"a\":[1]}"))
        .isEqualTo(success("application/json", "{\"a\":[1]}"));
    assertThat(runtime.run("shout", "\"loud\""))
        .isEqualTo(success("text/plain; charset=utf-8", "LOUD"));
    var bytes = new Payload.Inline("application/octet-stream", new byte[] {0, -1, 7});
    Lease lease = runtime.lease("reverse", bytes);
    runtime.send(new Frame.Leases(List.of(lease)));
    assertThat(runtime.outcome(lease))
        .isEqualTo(
            new Outcome.Success(
                new Payload.Inline("application/octet-stream", new byte[] {7, -1, 0})));
  }

  private static Outcome success(String type, String body) {
    return new Outcome.Success(new Payload.Inline(type, body.getBytes(UTF_8)));
  }

  @ParameterizedTest
  @CsvSource({
    "fail, USER_FAULT, boom",
    "nasty, USER_FAULT, its message cannot be told",
    "broken, USER_FAULT, Broken failed to initialise: java.util.NoSuchElementException",
    "missing, USER_FAULT, Gone is missing: it is neither in the jar nor in Java",
    "reject, REJECTED, quantity must be at least 1",
    "sleep, REJECTED, millis",
    "cyclic, BAD_RESULT, refers to itself",
    "opaque, BAD_RESULT, has no JSON form",
    "no-such, NO_SUCH_REVISION, no function 'no-such'",
  })
  void aFailureHasItsCodeAndItsWords(String function, FailureCode code, String words) {
    runtime.host();
    Fault fault = runtime.fault(function, "{}");
    assertThat(fault.code()).isEqualTo(code);
    assertThat(fault.message()).contains(words);
    assertThat(runtime.run("echo", "1")).isEqualTo(success("application/json", "1"));
  }

  @Test
  void aFaultCarriesTheFunctionsStackAndNotThePlatforms() {
    runtime.host();
    String stack = runtime.fault("fail", "").stack();
    assertThat(stack)
        .contains("IllegalStateException: boom", "Samples.fail(", "Caused by: java.io.IOException")
        .doesNotContain("dev.fanfare.runtime", "dev.fanfare.code");
  }

  @Test
  void aLargeResultIsLeftInTheBlobs() {
    runtime.host();
    var success = (Outcome.Success) runtime.run("big", "{\"size\":50000}");
    var blob = (Payload.Blob) success.result();
    assertThat(runtime.blobs.resolve(blob.hash().hex())).hasSize(50_000);
  }

  @Test
  void aGibibyteIsRefusedBeforeItIsWritten() throws Exception {
    runtime.host();
    Fault fault = runtime.fault("vast", "{\"megabytes\":1024}");
    assertThat(fault.code()).isEqualTo(FailureCode.RESULT_TOO_LARGE);
    long kept = 0;
    try (var files = Files.list(runtime.blobs)) {
      for (Path file : files.toList()) {
        kept += Files.size(file);
      }
    }
    assertThat(kept).isLessThan(2 * HostedSamples.RESULT_LIMIT);
  }

  @Test
  void linesComeBeforeTheOutcome() {
    runtime.host();
    runtime.run("print", "");
    var kinds = runtime.heard.stream().map(Object::getClass).toList();
    assertThat(kinds.indexOf(Frame.Logs.class))
        .isNotNegative()
        .isLessThan(kinds.indexOf(Frame.Outcomes.class));
    assertThat(runtime.lines().stream().map(LogLine::text))
        .contains("to out", "to err", "logged 7", "julged", "from a child", "unfinished");
  }

  @Test
  void aFloodOfOutputIsCutOff() {
    runtime.host();
    runtime.run("flood", "{\"megabytes\":100}");
    assertThat(runtime.lines()).hasSizeLessThanOrEqualTo(LogLine.LINES_PER_ATTEMPT);
    assertThat(runtime.lines().getLast().text()).contains("more lines with");
  }

  @Test
  void revokingInterruptsAndIsSettledAsCancelled() {
    runtime.host();
    Lease lease = runtime.begin("sleep", "{\"millis\":60000}");
    runtime.revoke(lease);
    assertThat(runtime.outcome(lease)).isEqualTo(new Outcome.Cancelled("enough"));
    assertThat(runtime.run("echo", "1")).isInstanceOf(Outcome.Success.class);
  }

  @Test
  void whatHasNotStartedIsGivenBackWhenAsked() {
    runtime.host();
    Lease first = runtime.begin("sleep", "{\"millis\":60000}");
    Lease second = runtime.begin("sleep", "{\"millis\":0}");
    runtime.send(new Frame.Returned(List.of(HostedSamples.held(second))));
    await()
        .until(
            () -> runtime.heard.contains(new Frame.Returned(List.of(HostedSamples.held(second)))));
    runtime.revoke(first);
    runtime.outcome(first);
    assertThat(runtime.settled()).hasSize(1);
  }

  @Test
  void asManyRunAtOnceAsTheFunctionAllows() {
    runtime.host();
    var leases = new ArrayList<Lease>();
    for (int i = 0; i < 8; i++) {
      leases.add(runtime.lease("together", Payload.EMPTY));
    }
    runtime.send(new Frame.Leases(leases));
    leases.forEach(lease -> assertThat(runtime.outcome(lease)).isInstanceOf(Outcome.Success.class));
  }

  @Test
  void aRevisionThatCannotBeOpenedEndsTheRuntimeInWords() throws Exception {
    runtime.host(Files.writeString(runtime.blobs.resolve("broken"), "no manifest"));
    assertThat(runtime.exit().cause()).isEqualTo(Exit.Cause.UNLOADABLE);
    assertThat(runtime.exit().words()).startsWith("the revision cannot be loaded");
  }

  @Test
  void killingEndsItAndIsToldOnce() {
    runtime.host();
    runtime.begin("sleep", "{\"millis\":60000}");
    runtime.kill();
    assertThat(runtime.exit().cause()).isEqualTo(Exit.Cause.KILLED);
    runtime.kill();
    assertThat(runtime.exits).hasSize(1);
  }
}
