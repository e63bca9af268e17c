package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What holds for shards wherever they are. */
public abstract class ShardsContract {
  public static final NodeId NODE = new NodeId("node-1");
  public static final SessionId SESSION = new SessionId("session0000000000000000001");
  public static final SessionId OTHER_SESSION = new SessionId("session0000000000000000002");
  public static final Target TARGET =
      new Target(
          TenantId.DEFAULT,
          new FunctionName("resize"),
          new RevisionId(Sha256.of(new byte[] {1})),
          Policy.DEFAULT);
  public static final Outcome DONE =
      new Outcome.Success(new Payload.Inline("text/plain", new byte[] {'o', 'k'}));

  private static final AtomicInteger RANDOM = new AtomicInteger();
  private static final AtomicInteger TURNS = new AtomicInteger();

  private final int turn = TURNS.getAndIncrement();

  /** Those under test. */
  protected abstract Shards shards();

  /** The shard to try, one that no other test has tried. */
  protected int shard() {
    var local = shards().local();
    return local.get(turn % local.size());
  }

  @Test
  void aSubmissionIsAcceptedOnce() {
    InvocationId id = newId(shard());
    assertThat(apply(submit(id)).replies())
        .containsExactly(new Reply.Admissions(List.of(Reply.Admission.ACCEPTED)));
    assertThat(apply(submit(id)).replies())
        .containsExactly(new Reply.Admissions(List.of(Reply.Admission.DUPLICATE)));
    assertThat(find(id).state()).isEqualTo(InvocationState.QUEUED);
  }

  @Test
  void aSubmissionThatMeetsRoomIsLeasedInTheSameBatch() {
    InvocationId id = newId(shard());
    ShardReply reply = apply(new Offer(SESSION, 1, List.of()), attach(SESSION), submit(id));
    assertThat(reply.grants())
        .singleElement()
        .satisfies(
            grant -> {
              assertThat(grant.session()).isEqualTo(SESSION);
              assertThat(grant.lease().id()).isEqualTo(id);
              assertThat(grant.lease().attempt()).isOne();
              assertThat(grant.lease().payload()).isEqualTo(Payload.EMPTY);
            });
    assertThat(find(id).state()).isEqualTo(InvocationState.RUNNING);
  }

  @Test
  void anOfferOfASessionThatIsNotAttachedIsToldSo() {
    InvocationId id = newId(shard());
    ShardReply reply = apply(new Offer(OTHER_SESSION, 1, List.of()), submit(id));
    assertThat(reply.unattached()).containsExactly(OTHER_SESSION);
    assertThat(reply.grants()).isEmpty();
    assertThat(reply.waiting()).containsExactly(Requirements.NONE);
  }

  @Test
  void theHolderOfTheLeaseSettles() {
    InvocationId id = newId(shard());
    long fence = lease(id);
    ShardReply reply = apply(settle(SESSION, id, fence));
    assertThat(reply.replies()).containsExactly(new Reply.Settled(List.of()));
    assertThat(reply.ended())
        .singleElement()
        .satisfies(
            ended -> {
              assertThat(ended.id()).isEqualTo(id);
              assertThat(ended.state()).isEqualTo(InvocationState.SUCCEEDED);
              assertThat(ended.outcome()).contains(DONE);
              assertThat(ended.worker()).contains(new WorkerId("worker-1"));
              assertThat(ended.origin()).isEqualTo(NODE);
            });
    assertThat(find(id)).isEqualTo(reply.ended().getFirst());
  }

  @Test
  void whoHoldsNoSuchLeaseIsStale() {
    InvocationId id = newId(shard());
    long fence = lease(id);
    assertThat(apply(settle(SESSION, id, fence + 1)).replies())
        .containsExactly(new Reply.Settled(List.of(new Held(id, fence + 1))));
    assertThat(apply(settle(OTHER_SESSION, id, fence)).replies())
        .containsExactly(new Reply.Settled(List.of(new Held(id, fence))));
    assertThat(find(id).state()).isEqualTo(InvocationState.RUNNING);
  }

  @Test
  void aLeaseOfALostSessionIsGivenToAnotherUnderAHigherFence() {
    InvocationId id = newId(shard());
    long fence = lease(id);
    ShardReply reply =
        apply(
            new Offer(OTHER_SESSION, 1, List.of()),
            new Transition.Detach(SESSION),
            attach(OTHER_SESSION));
    assertThat(reply.grants())
        .singleElement()
        .satisfies(grant -> assertThat(grant.lease().fence()).isGreaterThan(fence));
    assertThat(apply(settle(SESSION, id, fence)).replies())
        .containsExactly(new Reply.Settled(List.of(new Held(id, fence))));
  }

  @Test
  void whatWaitsIsCancelledAtOnceAndOnlyOnce() {
    InvocationId id = newId(shard());
    apply(submit(id));
    ShardReply reply = apply(new Transition.Cancel(List.of(id), "not needed"));
    assertThat(reply.replies())
        .containsExactly(new Reply.Cancelled(List.of(Reply.Cancellation.CANCELLED)));
    assertThat(reply.ended())
        .singleElement()
        .satisfies(e -> assertThat(e.outcome()).contains(new Outcome.Cancelled("not needed")));
    assertThat(apply(new Transition.Cancel(List.of(id), "again")).replies())
        .containsExactly(new Reply.Cancelled(List.of(Reply.Cancellation.ENDED)));
  }

  @Test
  void whatTheLedgerHoldsIsForgotten() {
    InvocationId id = newId(shard());
    long fence = lease(id);
    apply(settle(SESSION, id, fence));
    apply(new Transition.Forget(List.of(id)));
    assertThat(apply(new Transition.Find(List.of(id))).replies())
        .containsExactly(new Reply.Found(List.of()));
    assertThat(apply(new Transition.Cancel(List.of(id), "late")).replies())
        .containsExactly(new Reply.Cancelled(List.of(Reply.Cancellation.UNKNOWN)));
  }

  @Test
  void nothingIsMissingFromTheCounts() {
    for (int i = 0; i < 10; i++) {
      apply(submit(newId(shard())));
    }
    apply(settle(SESSION, newId(shard()), lease(newId(shard()))));
    ShardReply reply = apply(new Transition.Count());
    ShardCounts counts = ((Reply.Counted) reply.replies().getFirst()).counts();
    long failed = counts.failed().values().stream().mapToLong(Long::longValue).sum();
    assertThat(counts.accepted()).isGreaterThanOrEqualTo(11);
    assertThat(counts.accepted())
        .isEqualTo(
            counts.scheduled()
                + counts.queued()
                + counts.running()
                + counts.succeeded()
                + counts.cancelled()
                + failed);
  }

  // ---- words for tests ----

  /** Submits and leases; the fence. */
  protected final long lease(InvocationId id) {
    ShardReply reply = apply(attach(SESSION), submit(id));
    while (true) {
      reply = apply(new Offer(SESSION, 100, List.of()));
      for (Grant grant : reply.grants()) {
        if (grant.lease().id().equals(id)) {
          return grant.lease().fence();
        }
      }
      assertThat(reply.grants()).as("leases, to come to that of " + id).isNotEmpty();
    }
  }

  protected final InvocationRecord find(InvocationId id) {
    ShardReply reply = apply(new Transition.Find(List.of(id)));
    return ((Reply.Found) reply.replies().getFirst()).records().getFirst();
  }

  protected final ShardReply apply(Transition... transitions) {
    return apply(shard(), new ShardBatch(List.of(transitions), List.of()));
  }

  protected final ShardReply apply(Offer offer, Transition... transitions) {
    return apply(shard(), new ShardBatch(List.of(transitions), List.of(offer)));
  }

  protected final ShardReply apply(int shard, ShardBatch batch) {
    return shards()
        .apply(shard, batch)
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
  }

  /** An id that was not used before. */
  public static InvocationId newId(int shard) {
    return InvocationId.of(System.currentTimeMillis(), shard, RANDOM.incrementAndGet());
  }

  public static Transition attach(SessionId session) {
    WorkerProfile worker =
        new WorkerProfile(
            new WorkerId("worker-1"),
            Labels.of(Map.of("os", "linux")),
            4,
            Set.of(Isolation.PROCESS),
            "1");
    return new Transition.Attach(session, worker, NODE, Duration.ofMinutes(1).toNanos() / 1_000);
  }

  public static Transition submit(InvocationId... ids) {
    return new Transition.Submit(Arrays.stream(ids).map(ShardsContract::submission).toList());
  }

  public static Submission submission(InvocationId id) {
    return new Submission(
        id,
        TARGET,
        Requirements.NONE,
        NODE,
        false,
        0,
        0,
        Duration.ofMinutes(1).toNanos() / 1_000,
        0,
        0,
        0,
        "",
        "",
        Payload.EMPTY);
  }

  public static Transition settle(SessionId session, InvocationId id, long fence) {
    return new Transition.Settle(session, List.of(new Settlement(id, fence, DONE, Usage.NONE)));
  }
}
