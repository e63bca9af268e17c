package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.DispatchMeters;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.dispatch.Waiter;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.LogLine;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a worker's session is, whatever it travels over: a real node, dispatcher and session server,
 * and a worker's end that does as the test says. Subclasses bring the link.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class SessionContract {
  private static final long RESULT_LIMIT = 4L << 20;
  private static final Duration WAKE_UP = Duration.ofMillis(50);
  private static final Outcome SUCCESS = new Outcome.Success(Payload.EMPTY);

  private final List<ScriptedWorker> workers = new ArrayList<>();
  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private SchedulerNode node;
  private Dispatcher dispatcher;
  private SessionServer sessions;

  /** A link from this worker's end to the session server, authenticated as this principal. */
  protected abstract Link connect(ScriptedWorker worker, Principal principal);

  /** Where the session server is. */
  protected final SessionServer sessions() {
    return sessions;
  }

  /** The context that the session server's end of links should use. */
  protected final Context context() {
    return context;
  }

  @BeforeAll
  final void start(@TempDir Path data) {
    node = SchedulerNode.start(NodeConfiguration.alone(data), Clock.systemUTC());
    dispatcher = new Dispatcher(context, node, new DispatchMeters(new SimpleMeterRegistry()));
    sessions = new SessionServer(dispatcher, node, RESULT_LIMIT);
  }

  @AfterAll
  final void stop() throws Exception {
    sessions.close();
    get(dispatcher.close());
    get(vertx.close());
    node.close();
  }

  @AfterEach
  final void disconnect() throws Exception {
    workers.forEach(ScriptedWorker::cut);
    await().until(() -> dispatcher.workers().isEmpty());
    for (InvocationRecord left : live()) {
      get(dispatcher.cancel(left.tenant(), left.id(), "the test is over"));
    }
  }

  // ---- opening ----

  @Test
  void aWorkerThatSaysHelloIsWelcomedAndListed() {
    ScriptedWorker worker = open("one", 3, ScriptedWorker.LATER);
    Frame.Welcome welcome = worker.heard(Frame.Welcome.class).getFirst();
    assertThat(welcome.heartbeatMillis()).isEqualTo(SessionServer.HEARTBEAT_MILLIS);
    assertThat(welcome.resultLimitBytes()).isEqualTo(RESULT_LIMIT);
    assertThat(welcome.credential()).isEmpty();
    await().until(() -> dispatcher.workers().getFirst().free() == 3);
    assertThat(dispatcher.workers())
        .singleElement()
        .satisfies(
            view -> {
              assertThat(view.profile()).isEqualTo(worker.profile());
              assertThat(view.session()).isEqualTo(welcome.session());
              assertThat(view.draining()).isFalse();
            });
    worker.send(new Frame.Status(1, 2, 1, 0.5, List.of()));
    await().until(() -> dispatcher.workers().getFirst().runtimes() == 2);
  }

  @Test
  void aWorkerOfAnotherProtocolVersionIsRefusedInWords() {
    ScriptedWorker worker = link("old", principal(Scope.WORKER));
    worker.send(new Frame.Hello(99, worker.profile(), Optional.empty(), List.of()));
    assertThat(bye(worker).reason()).contains("version 1").contains("99");
    assertThat(bye(worker).retry()).isFalse();
    await().until(worker::isClosed);
  }

  @Test
  void aKeyThatIsNoWorkersIsRefused() {
    ScriptedWorker worker = link("viewer", principal(Scope.VIEWER));
    worker.send(new Frame.Hello(1, worker.profile(), Optional.empty(), List.of()));
    assertThat(bye(worker).reason()).contains("viewer");
    await().until(worker::isClosed);
  }

  @Test
  void anythingBeforeHelloEndsTheSession() {
    ScriptedWorker worker = link("rude", principal(Scope.WORKER));
    worker.send(new Frame.Credit(1, List.of()));
    assertThat(bye(worker).reason()).contains("Hello");
    await().until(worker::isClosed);
  }

  @Test
  void aFrameThatOnlyGatewaysSendEndsTheSession() {
    ScriptedWorker worker = open("rude", 0, ScriptedWorker.LATER);
    worker.send(new Frame.Leases(List.of()));
    assertThat(bye(worker).reason()).contains("Leases");
    await().until(worker::isClosed);
  }

  @Test
  void aJoinTokenIsExchangedForTheWorkersOwnKey() {
    ScriptedWorker worker = link("joining", principal(Scope.JOIN));
    worker.send(new Frame.Hello(1, worker.profile(), Optional.empty(), List.of()));
    await().until(worker::welcomed);
    String credential = worker.heard(Frame.Welcome.class).getFirst().credential().orElseThrow();
    assertThat(node.keys().authenticate(credential)).map(Principal::scope).contains(Scope.WORKER);
  }

  @Test
  void aSecondWorkerOfTheSameNameIsRefusedWhileTheFirstIsThere() {
    ScriptedWorker first = open("twin", 0, ScriptedWorker.LATER);
    ScriptedWorker second = link("twin", principal(Scope.WORKER));
    second.send(new Frame.Hello(1, second.profile(), Optional.empty(), List.of()));
    assertThat(bye(second).reason()).contains("twin").contains("connected already");
    assertThat(bye(second).retry()).isTrue();
    assertThat(first.isClosed()).isFalse();
    assertThat(dispatcher.workers()).hasSize(1);
  }

  @Test
  void theGatewaySendsHeartbeats() {
    ScriptedWorker worker = open("one", 0, ScriptedWorker.LATER);
    await().until(() -> !worker.heard(Frame.Heartbeat.class).isEmpty());
  }

  // ---- work ----

  @Test
  void workRunsAndItsOutcomeIsAcknowledgedOnceItIsSettled() throws Exception {
    ScriptedWorker worker =
        open("one", 2, lease -> Optional.of(new Outcome.Success(lease.payload())));
    byte[] body = "{\"n\":7}".getBytes(StandardCharsets.UTF_8);
    InvocationRecord ended = run(new Payload.Inline("application/json", body));
    assertThat(ended.state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(ended.outcome())
        .contains(new Outcome.Success(new Payload.Inline("application/json", body)));
    assertThat(ended.worker()).contains(worker.profile().id());
    await().until(() -> !worker.heard(Frame.Acknowledged.class).isEmpty());
    assertThat(worker.heard(Frame.Acknowledged.class).getFirst().sequence()).isEqualTo(1);
  }

  @Test
  void manyInvocationsEndEachOnce() throws Exception {
    open("one", 16, ScriptedWorker.AT_ONCE);
    open("two", 16, ScriptedWorker.AT_ONCE);
    List<CompletableFuture<InvocationRecord>> ends = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      ends.add(submit(Payload.EMPTY));
    }
    for (CompletableFuture<InvocationRecord> end : ends) {
      assertThat(end.get(10, TimeUnit.SECONDS).state()).isEqualTo(InvocationState.SUCCEEDED);
    }
  }

  @Test
  void waitingWorkStartsWithinFiftyMillisecondsOfAWorkersCredit() {
    submitAndForget();
    await().until(() -> live().size() == 1);
    ScriptedWorker worker = open("late", 0, ScriptedWorker.LATER);
    worker.send(new Frame.Credit(1, List.of()));
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(WAKE_UP)
        .until(() -> worker.leases().size() == 1);
  }

  @Test
  void cancellingRevokesTheLease() {
    ScriptedWorker worker = open("one", 1, ScriptedWorker.LATER);
    Lease lease = lease(worker);
    get(dispatcher.cancel(TenantId.DEFAULT, lease.id(), "no need"));
    await().until(() -> !worker.heard(Frame.Revoke.class).isEmpty());
    assertThat(worker.heard(Frame.Revoke.class).getFirst().leases()).containsExactly(held(lease));
  }

  @Test
  void aDrainingWorkerFinishesWhatItHasAndGetsNothingMore() throws Exception {
    ScriptedWorker worker = open("one", 5, ScriptedWorker.LATER);
    CompletableFuture<InvocationRecord> end = submit(Payload.EMPTY);
    await().until(() -> worker.leases().size() == 1);
    sessions.drain(worker.profile().id());
    await().until(() -> !worker.heard(Frame.Drain.class).isEmpty());
    submitAndForget();
    worker.settle(worker.leases().getFirst().id(), worker.leases().getFirst().fence(), SUCCESS);
    assertThat(end.get(10, TimeUnit.SECONDS).state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(worker.leases()).hasSize(1);
  }

  // ---- breaks ----

  @Test
  void aClosedLinkGivesItsLeasesToAnotherWithinFiftyMilliseconds() {
    ScriptedWorker first = open("first", 1, ScriptedWorker.LATER);
    lease(first);
    ScriptedWorker second = open("second", 1, ScriptedWorker.LATER);
    await().until(() -> dispatcher.workers().size() == 2);
    first.cut();
    await()
        .pollInterval(Duration.ofMillis(1))
        .atMost(WAKE_UP)
        .until(() -> second.leases().size() == 1);
  }

  @Test
  void aWorkerThatComesBackWithItsTokenKeepsWhatNobodyTook() throws Exception {
    ScriptedWorker worker = open("back", 1, ScriptedWorker.LATER);
    CompletableFuture<InvocationRecord> end = submit(Payload.EMPTY);
    await().until(() -> worker.leases().size() == 1);
    Lease lease = worker.leases().getFirst();
    ScriptedWorker again = resume(worker, List.of(held(lease)));
    await().until(() -> dispatcher.workers().getFirst().running() == 1);
    again.settle(lease.id(), lease.fence(), SUCCESS);
    InvocationRecord ended = end.get(10, TimeUnit.SECONDS);
    assertThat(ended.state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(ended.fence()).isEqualTo(lease.fence());
    assertThat(again.heard(Frame.Revoke.class)).isEmpty();
  }

  @Test
  void aTokenTakesTheSessionOverWhileItsOldLinkStillSeemsAlive() {
    ScriptedWorker worker = open("moving", 1, ScriptedWorker.LATER);
    Lease lease = lease(worker);
    ScriptedWorker again = worker("moving", 0, ScriptedWorker.LATER);
    again.hello(connect(again, principal(Scope.WORKER)), token(worker), List.of(held(lease)));
    await().until(again::welcomed);
    await().until(worker::isClosed);
    await()
        .until(
            () ->
                dispatcher.workers().size() == 1 && dispatcher.workers().getFirst().running() == 1);
  }

  @Test
  void aWorkerThatComesBackStopsWhatAnotherTook() {
    ScriptedWorker worker = open("late", 1, ScriptedWorker.LATER);
    Lease lease = lease(worker);
    ScriptedWorker other = open("other", 1, ScriptedWorker.LATER);
    worker.cut();
    await().until(() -> other.leases().size() == 1);
    ScriptedWorker again = resume(worker, List.of(held(lease)));
    await().until(() -> !again.heard(Frame.Revoke.class).isEmpty());
    assertThat(again.heard(Frame.Revoke.class).getFirst().leases()).containsExactly(held(lease));
    again.settle(lease.id(), lease.fence(), SUCCESS);
    await().until(() -> !again.heard(Frame.Acknowledged.class).isEmpty());
    assertThat(again.heard(Frame.Acknowledged.class).getFirst().stale())
        .containsExactly(held(lease));
  }

  @Test
  void aWorkerWithoutItsTokenKeepsNothing() {
    ScriptedWorker worker = open("forgot", 1, ScriptedWorker.LATER);
    Lease lease = lease(worker);
    worker.cut();
    await().until(() -> dispatcher.workers().isEmpty());
    ScriptedWorker again = worker("forgot", 0, ScriptedWorker.LATER);
    again.hello(
        connect(again, principal(Scope.WORKER)), Optional.of("made up"), List.of(held(lease)));
    await().until(() -> !again.heard(Frame.Revoke.class).isEmpty());
    assertThat(again.heard(Frame.Revoke.class).getFirst().leases()).containsExactly(held(lease));
  }

  @Test
  void aTokenIsGoodOnceAndOnlyForItsWorker() {
    ScriptedWorker worker = open("owner", 0, ScriptedWorker.LATER);
    worker.cut();
    await().until(() -> dispatcher.workers().isEmpty());
    ScriptedWorker thief = worker("thief", 0, ScriptedWorker.LATER);
    Held nothing = new Held(dispatcher.newId(), 1);
    thief.hello(connect(thief, principal(Scope.WORKER)), token(worker), List.of(nothing));
    await().until(() -> !thief.heard(Frame.Revoke.class).isEmpty());
    assertThat(thief.heard(Frame.Revoke.class).getFirst().reason()).contains("not known");
  }

  // ---- blobs ----

  @Test
  void aBlobIsFetchedInPieces() throws Exception {
    byte[] content = random(700_000);
    Sha256 hash = node.blobs().put(content);
    ScriptedWorker worker = open("one", 0, ScriptedWorker.LATER);
    for (int offset = 0; offset < content.length; offset += Frame.CHUNK_BYTES) {
      worker.send(new Frame.Fetch(hash, offset, Frame.CHUNK_BYTES));
    }
    await().until(() -> worker.heard(Frame.Chunk.class).size() == 3);
    var whole = new ByteArrayOutputStream();
    for (Frame.Chunk chunk : worker.heard(Frame.Chunk.class)) {
      assertThat(chunk.offset()).isEqualTo(whole.size());
      assertThat(chunk.total()).isEqualTo(content.length);
      whole.write(chunk.bytes());
    }
    assertThat(whole.toByteArray()).isEqualTo(content);
  }

  @Test
  void aBlobThatIsNotThereIsMissing() {
    ScriptedWorker worker = open("one", 0, ScriptedWorker.LATER);
    Sha256 hash = Sha256.of(random(10));
    worker.send(new Frame.Fetch(hash, 0, 100));
    await().until(() -> worker.heard(Frame.Missing.class).equals(List.of(new Frame.Missing(hash))));
  }

  @Test
  void aPieceLargerThanAllowedEndsTheSession() {
    ScriptedWorker worker = open("greedy", 0, ScriptedWorker.LATER);
    worker.send(new Frame.Fetch(Sha256.of(random(10)), 0, Frame.CHUNK_BYTES + 1));
    assertThat(bye(worker).reason()).contains("piece");
  }

  @Test
  void aLargeResultIsUploadedAndThenSettled() throws Exception {
    byte[] result = random(600_000);
    Sha256 hash = Sha256.of(result);
    ScriptedWorker worker = open("one", 1, ScriptedWorker.LATER);
    CompletableFuture<InvocationRecord> end = submit(Payload.EMPTY);
    await().until(() -> worker.leases().size() == 1);
    upload(worker, hash, result);
    await()
        .until(
            () ->
                worker.heard(Frame.Uploaded.class).stream()
                    .anyMatch(u -> u.offset() == result.length));
    assertThat(node.blobs().read(hash, 0, result.length)).isEqualTo(result);
    var blob = new Payload.Blob("application/octet-stream", hash, result.length);
    worker.finish(worker.leases().getFirst(), new Outcome.Success(blob));
    assertThat(end.get(10, TimeUnit.SECONDS).outcome()).contains(new Outcome.Success(blob));
  }

  @Test
  void anUploadWhoseContentIsNotItsHashIsNotKept() {
    byte[] result = random(300_000);
    Sha256 other = Sha256.of(random(10));
    ScriptedWorker worker = open("liar", 0, ScriptedWorker.LATER);
    upload(worker, other, result);
    await().until(() -> !worker.heard(Frame.Missing.class).isEmpty());
    assertThat(node.blobs().has(other)).isFalse();
  }

  @Test
  void anUploadOverTheResultLimitIsNotKept() {
    ScriptedWorker worker = open("huge", 0, ScriptedWorker.LATER);
    Sha256 hash = Sha256.of(random(10));
    worker.send(new Frame.Upload(hash, 0, RESULT_LIMIT + 1, random(10)));
    await().until(() -> worker.heard(Frame.Missing.class).equals(List.of(new Frame.Missing(hash))));
  }

  @Test
  void aResultThatWasNeverUploadedIsABadResult() throws Exception {
    Sha256 hash = Sha256.of(random(10));
    open(
        "liar",
        1,
        lease -> Optional.of(new Outcome.Success(new Payload.Blob("text/plain", hash, 100))));
    assertThat(code(run(Payload.EMPTY))).isEqualTo(FailureCode.BAD_RESULT);
  }

  @Test
  void aLargeResultInsideAnOutcomeIsABadResult() throws Exception {
    var large = new Payload.Inline("text/plain", random(Payload.INLINE_LIMIT + 1));
    open("lazy", 1, lease -> Optional.of(new Outcome.Success(large)));
    assertThat(code(run(Payload.EMPTY))).isEqualTo(FailureCode.BAD_RESULT);
  }

  // ---- logs ----

  @Test
  void whoFollowsIsToldOnceLinesAreKept() {
    ScriptedWorker worker = open("one", 1, ScriptedWorker.LATER);
    Lease lease = lease(worker);
    worker.send(new Frame.Logs(List.of(line(lease, 1), line(lease, 2))));
    List<Integer> seen = new CopyOnWriteArrayList<>();
    Runnable news = () -> seen.add(node.logs().read(lease.id(), 0, 0, 10).size());
    try (LogTail tail = sessions.follow(lease.id(), news)) {
      await().until(() -> seen.contains(2));
      worker.send(new Frame.Logs(List.of(line(lease, 3))));
      await().until(() -> seen.contains(3));
    }
    int told = seen.size();
    worker.send(new Frame.Logs(List.of(line(lease, 4))));
    await().until(() -> node.logs().read(lease.id(), 0, 0, 10).size() == 4);
    assertThat(node.logs().read(lease.id(), 0, 0, 10))
        .extracting(LogLine::sequence)
        .containsExactly(1, 2, 3, 4);
    assertThat(seen).hasSize(told);
  }

  @Test
  void linesThatComeAfterTheOutcomeAreKept() {
    ScriptedWorker worker = open("one", 1, ScriptedWorker.LATER);
    Lease lease = lease(worker);
    worker.succeed(lease);
    await().until(() -> !worker.heard(Frame.Acknowledged.class).isEmpty());
    worker.send(new Frame.Logs(List.of(line(lease, 1))));
    await().until(() -> node.logs().read(lease.id(), 0, 0, 10).size() == 1);
  }

  @Test
  void linesOfAttemptsThatAreNotTheSessionsAreRefused() {
    ScriptedWorker owner = open("owner", 1, ScriptedWorker.LATER);
    Lease lease = lease(owner);
    ScriptedWorker stranger = open("stranger", 0, ScriptedWorker.LATER);
    stranger.send(new Frame.Logs(List.of(line(lease, 1))));
    stranger.send(new Frame.Status(7, 7, 7, 0, List.of()));
    await().until(() -> dispatcher.workers().stream().anyMatch(w -> w.runtimes() == 7));
    owner.send(new Frame.Logs(List.of(line(lease, 2))));
    await().until(() -> !node.logs().read(lease.id(), 0, 0, 10).isEmpty());
    assertThat(node.logs().read(lease.id(), 0, 0, 10))
        .extracting(LogLine::sequence)
        .containsExactly(2);
  }

  // ---- what tests say ----

  private ScriptedWorker worker(
      String name, int credits, Function<Lease, Optional<Outcome>> script) {
    ScriptedWorker worker = ScriptedWorker.of(name, Map.of(), credits, script);
    workers.add(worker);
    return worker;
  }

  private ScriptedWorker link(String name, Principal principal) {
    ScriptedWorker worker = worker(name, 0, ScriptedWorker.LATER);
    return worker.over(connect(worker, principal));
  }

  private ScriptedWorker open(String name, int credits, Function<Lease, Optional<Outcome>> script) {
    ScriptedWorker worker = worker(name, credits, script);
    worker.hello(connect(worker, principal(Scope.WORKER)));
    await().until(worker::welcomed);
    return worker;
  }

  private ScriptedWorker resume(ScriptedWorker before, List<Held> held) {
    before.cut();
    await()
        .until(
            () ->
                dispatcher.workers().stream().noneMatch(w -> w.profile().equals(before.profile())));
    ScriptedWorker again = worker(before.profile().id().value(), 0, ScriptedWorker.LATER);
    again.hello(connect(again, principal(Scope.WORKER)), token(before), held);
    await().until(again::welcomed);
    return again;
  }

  private static Optional<String> token(ScriptedWorker worker) {
    return Optional.of(worker.heard(Frame.Welcome.class).getFirst().resume());
  }

  private static Principal principal(Scope scope) {
    return new Principal("key" + UUID.randomUUID(), TenantId.DEFAULT, scope);
  }

  private static Frame.Bye bye(ScriptedWorker worker) {
    await().until(() -> !worker.heard(Frame.Bye.class).isEmpty());
    return worker.heard(Frame.Bye.class).getFirst();
  }

  /** The lease of a new invocation, which the worker is to have room for. */
  private Lease lease(ScriptedWorker worker) {
    int before = worker.leases().size();
    submitAndForget();
    await().until(() -> worker.leases().size() == before + 1);
    return worker.leases().getLast();
  }

  private InvocationRecord run(Payload payload) throws Exception {
    return submit(payload).get(10, TimeUnit.SECONDS);
  }

  private void submitAndForget() {
    assertThat(submit(Payload.EMPTY)).isNotNull();
  }

  private CompletableFuture<InvocationRecord> submit(Payload payload) {
    var end = new CompletableFuture<InvocationRecord>();
    InvocationId id = dispatcher.newId();
    dispatcher.submit(submission(id, payload), new Completing(end));
    return end;
  }

  private Submission submission(InvocationId id, Payload payload) {
    var revision = new RevisionId(Sha256.of("revision".getBytes(StandardCharsets.UTF_8)));
    var target = new Target(TenantId.DEFAULT, new FunctionName("echo"), revision, Policy.DEFAULT);
    long minute = TimeUnit.MINUTES.toMicros(1);
    return new Submission(
        id, target, Requirements.NONE, node.id(), false, 0, 0, minute, 0, 0, 0, "", "", payload);
  }

  private List<InvocationRecord> live() {
    return get(dispatcher.list(TenantId.DEFAULT, InvocationFilter.newest(1_000))).stream()
        .filter(invocation -> !invocation.state().terminal())
        .toList();
  }

  private static FailureCode code(InvocationRecord ended) {
    return ((Outcome.Failure) ended.outcome().orElseThrow()).fault().code();
  }

  private static void upload(ScriptedWorker worker, Sha256 hash, byte[] content) {
    for (int offset = 0; offset < content.length; offset += Frame.CHUNK_BYTES) {
      int end = Math.min(content.length, offset + Frame.CHUNK_BYTES);
      byte[] piece = Arrays.copyOfRange(content, offset, end);
      worker.send(new Frame.Upload(hash, offset, content.length, piece));
    }
  }

  private static LogLine line(Lease lease, int sequence) {
    return new LogLine(lease.id(), lease.fence(), sequence, 1, "out", "", "line " + sequence);
  }

  private static Held held(Lease lease) {
    return new Held(lease.id(), lease.fence());
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random().nextBytes(bytes);
    return bytes;
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private record Completing(CompletableFuture<InvocationRecord> end) implements Waiter {
    @Override
    public void admitted(Admission admission) {
      if (admission != Admission.ACCEPTED) {
        end.completeExceptionally(new IllegalStateException(admission.toString()));
      }
    }

    @Override
    public void uncertain(String why) {
      end.completeExceptionally(new IllegalStateException(why));
    }

    @Override
    public void ended(InvocationRecord invocation) {
      end.complete(invocation);
    }
  }
}
