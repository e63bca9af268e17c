package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.client.Answer;
import dev.fanfare.client.Answer.Kind;
import dev.fanfare.client.CallOptions;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.Refused;
import dev.fanfare.client.RemoteFunction;
import dev.fanfare.client.WorkerChoice;
import dev.fanfare.frame.Frame;
import dev.fanfare.function.Isolation;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a broadcast tells of workers that answer, fail, refuse and vanish. */
@Timeout(60)
class BroadcastTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir static Path folder;
  private static TestGateway platform;
  private static Fanfare fanfare;
  private final List<ScriptedWorker> workers = new ArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo");
    fanfare = Fanfare.connect(platform.uri(""), platform.admin);
  }

  @AfterAll
  static void stop() throws Exception {
    fanfare.close();
    platform.close();
  }

  @AfterEach
  void cut() throws Exception {
    workers.forEach(ScriptedWorker::cut);
    await().until(() -> platform.get("/v1/workers").body().contains("\"workers\":[]"));
  }

  @Test
  void everyWorkerIsAskedOnce() {
    worker("a", Map.of());
    worker("b", Map.of());
    var cameOneByOne = new CopyOnWriteArrayList<String>();

    List<Answer<String>> answers =
        fanfare
            .broadcast(WorkerChoice.all())
            .call(echo(fanfare), "x", answer -> cameOneByOne.add(answer.worker()));

    assertThat(answers).extracting(Answer::worker).containsExactlyInAnyOrder("a", "b");
    assertThat(answers).extracting(Answer::value).containsOnly("x");
    assertThat(cameOneByOne).containsExactlyElementsOf(names(answers));
    assertThat(workers).allMatch(worker -> worker.leases().size() == 1);
  }

  @Test
  void oneThatJoinsWithinTheWindowIsAskedTooAndOneThatComesBackIsNot() {
    ScriptedWorker first = worker("first", Map.of("zone", "w"));
    CompletableFuture<List<Answer<String>>> asked =
        CompletableFuture.supplyAsync(
            () ->
                fanfare
                    .broadcast(WorkerChoice.named("first", "second").and("zone=w"))
                    .withWindow(LONG)
                    .call(echo(fanfare), "x"));
    await().until(() -> first.leases().size() == 1);
    first.cut();
    await().until(first::isClosed);
    ScriptedWorker again = worker("first", Map.of("zone", "w"));

    ScriptedWorker second = worker("second", Map.of("zone", "w"));

    assertThat(asked.join()).allMatch(Answer::ok);
    assertThat(names(asked.join())).containsExactly("first", "second");
    assertThat(second.leases()).hasSize(1);
    assertThat(again.leases()).isEmpty();
  }

  @Test
  void oneThatFailsIsAFailureWithItsRemoteStack() {
    workers.add(
        platform.worker(
            "bad",
            named("bad", Map.of()),
            lease ->
                Optional.of(
                    new Outcome.Failure(
                        new Fault(FailureCode.USER_FAULT, "a.B", "no", "a.B: no\n at A", 0)))));

    Answer<String> answer = only(WorkerChoice.all());

    assertThat(answer.kind()).isEqualTo(Kind.FAILURE);
    assertThat(answer.code()).isEqualTo("user-fault");
    assertThat(answer.message()).isEqualTo("no");
    assertThat(answer.remoteStack()).contains("at A");
  }

  @Test
  void oneThatIsLostMeanwhileIsAMiss() {
    ScriptedWorker doomed =
        ScriptedWorker.of("doomed", named("doomed", Map.of()), 1, ScriptedWorker.LATER);
    connect(doomed);
    CompletableFuture<Answer<String>> asked =
        CompletableFuture.supplyAsync(() -> only(WorkerChoice.named("doomed")));
    await().until(() -> doomed.leases().size() == 1);

    doomed.cut();

    assertThat(asked.join().kind()).isEqualTo(Kind.MISS);
    assertThat(asked.join().code()).isEqualTo("worker-lost");
  }

  @Test
  void oneWithoutRoomRefusesWhenItsTimeIsOver() {
    connect(ScriptedWorker.of("busy", named("busy", Map.of()), 0, ScriptedWorker.LATER));

    Answer<String> answer =
        fanfare
            .broadcast(WorkerChoice.all())
            .with(CallOptions.NONE.withDeadline(Duration.ofSeconds(1)))
            .call(echo(fanfare), "x")
            .get(0);

    assertThat(answer.kind()).isEqualTo(Kind.REFUSAL);
    assertThat(answer.code()).isEqualTo("busy");
  }

  @Test
  void oneThatIsNotWhatTheFunctionDemandsRefusesAndTheOthersAnswer() {
    var demands = new Requirements(List.of(Constraint.parse("gpu=a100")), Isolation.PROCESS);
    Policy usual = Policy.DEFAULT;
    platform.deploy(
        TenantId.DEFAULT,
        new Policy(
            usual.timeout(),
            usual.retries(),
            usual.expiresAfter(),
            usual.concurrency(),
            usual.memoryBytes(),
            demands),
        "picky");
    worker("plain", Map.of());
    worker("strong", Map.of("gpu", "a100"));

    List<Answer<String>> answers =
        fanfare.broadcast(WorkerChoice.all()).call(fanfare.function("picky", String.class), "x");

    assertThat(answers)
        .extracting(one -> one.worker() + " " + one.kind() + " " + one.code() + one.message())
        .containsExactlyInAnyOrder(
            "plain REFUSAL does-not-matchit lacks gpu=a100", "strong RESULT ok");
    assertThat(
            fanfare
                .broadcast(WorkerChoice.named("strong"))
                .with(CallOptions.NONE.withConstraints("zone=w"))
                .call(echo(fanfare), "x"))
        .as("what the caller demands counts, too")
        .extracting(one -> one.code() + " " + one.message())
        .containsExactly("does-not-match it lacks zone=w");
  }

  @Test
  void oneThatDrainsRefusesAndOneThatIsNotThereIsAMiss() throws Exception {
    ScriptedWorker drains = worker("drains", Map.of());
    drains.send(new Frame.Drain());
    await().until(() -> platform.get("/v1/workers").body().contains("\"draining\":true"));

    List<Answer<String>> answers =
        fanfare.broadcast(WorkerChoice.named("drains", "nobody")).call(echo(fanfare), "x");

    assertThat(answers)
        .extracting(one -> one.worker() + " " + one.kind() + " " + one.code())
        .containsExactlyInAnyOrder("drains REFUSAL draining", "nobody MISS not-connected");
  }

  @Test
  void aKeyThatMayOnlyLookIsRefusedOnEach() {
    worker("a", Map.of());
    try (var viewer =
        Fanfare.connect(platform.uri(""), platform.key(TenantId.DEFAULT, Scope.VIEWER))) {
      Answer<String> answer = viewer.broadcast(WorkerChoice.all()).call(echo(viewer), "x").get(0);

      assertThat(answer.kind()).isEqualTo(Kind.REFUSAL);
      assertThat(answer.message()).contains("403");
    }
  }

  @Test
  void whatIsNothingForAnyWorkerIsRefusedAsAWhole() {
    worker("a", Map.of("zone", "w"));
    assertThatThrownBy(
            () ->
                fanfare
                    .broadcast(WorkerChoice.all())
                    .call(fanfare.function("ecko", String.class), "x"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("echo");
    assertThatThrownBy(() -> only(WorkerChoice.with("zone=v")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("no worker with zone=v is connected; there are a");
    assertThatThrownBy(() -> only(WorkerChoice.with("zone==v!")))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("label");
    assertThatThrownBy(() -> WorkerChoice.named("no name"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Answer<String> only(WorkerChoice choice) {
    return fanfare.broadcast(choice).call(echo(fanfare), "x").get(0);
  }

  private static RemoteFunction<String> echo(Fanfare of) {
    return of.function("echo", String.class);
  }

  private static List<String> names(List<Answer<String>> answers) {
    return answers.stream().map(Answer::worker).toList();
  }

  private ScriptedWorker worker(String name, Map<String, String> labels) {
    ScriptedWorker worker = platform.worker(name, named(name, labels), TestGateway::echo);
    workers.add(worker);
    return worker;
  }

  private void connect(ScriptedWorker worker) {
    worker.hello(platform.link(worker));
    await().until(worker::welcomed);
    workers.add(worker);
  }

  /** Real workers have their name as a label, too. */
  private static Map<String, String> named(String name, Map<String, String> labels) {
    var all = new TreeMap<>(labels);
    all.put("worker", name);
    return all;
  }
}
