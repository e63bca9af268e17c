package dev.fanfare.benchmark;

import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
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
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Shard;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardLimits;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One shard in one thread: every operation settles and forgets a hundred, submits a hundred and
 * leases a hundred, with and without a backlog. The score counts invocations.
 */
@State(Scope.Thread)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgs = "-Xmx4g")
public class ShardBenchmark {
  private static final int BATCH = 100;
  private static final int CHUNK = 1_000;
  private static final int NUMBER = 7;
  private static final NodeId NODE = new NodeId("node");
  private static final SessionId SESSION = new SessionId("a".repeat(26));
  private static final Outcome DONE = new Outcome.Success(Payload.EMPTY);

  /** How many wait while the measured ones come and go. */
  @Param({"0", "1000000"})
  int backlog;

  /** Whether they may expire, which costs a place among the due times. */
  @Param({"false", "true"})
  boolean expires;

  private final Target target =
      new Target(
          TenantId.DEFAULT,
          new FunctionName("echo"),
          new RevisionId(Sha256.of("echo".getBytes(StandardCharsets.UTF_8))),
          Policy.DEFAULT);
  private final List<Offer> offers = List.of(new Offer(SESSION, BATCH, List.of()));
  private final Payload payload = new Payload.Inline("application/json", new byte[100]);
  private Shard shard = new Shard(NUMBER, ShardLimits.DEFAULT);
  private ShardReply reply = shard.apply(new ShardBatch(List.of(), List.of()), 0);
  private long now;
  private long submitted;

  /** Fills the queue. */
  @Setup
  public void fill() {
    shard = new Shard(NUMBER, limits());
    now = 1_700_000_000_000_000L;
    var worker =
        new WorkerProfile(
            new WorkerId("worker"), Labels.of(Map.of()), 1, Set.of(Isolation.PROCESS), "1");
    apply(new Transition.Attach(SESSION, worker, NODE, Duration.ofDays(1).toMillis() * 1_000));
    for (int i = 0; i < backlog; i += CHUNK) {
      apply(new Transition.Submit(submissions(CHUNK)));
    }
  }

  /** Settle, forget, submit and lease, a hundred of each. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public ShardReply cycle() {
    now += BATCH;
    List<Transition> transitions =
        List.of(
            new Transition.Settle(SESSION, settlements()),
            new Transition.Forget(reply.ended().stream().map(InvocationRecord::id).toList()),
            new Transition.Submit(submissions(BATCH)));
    reply = shard.apply(new ShardBatch(transitions, offers), now);
    return reply;
  }

  private void apply(Transition transition) {
    now++;
    reply = shard.apply(new ShardBatch(List.of(transition), List.of()), now);
  }

  private List<Settlement> settlements() {
    var settlements = new ArrayList<Settlement>(BATCH);
    for (var grant : reply.grants()) {
      var lease = grant.lease();
      settlements.add(new Settlement(lease.id(), lease.fence(), DONE, Usage.NONE));
    }
    return settlements;
  }

  private List<Submission> submissions(int count) {
    var submissions = new ArrayList<Submission>(count);
    long expiresAt = expires ? now + Duration.ofHours(10).toMillis() * 1_000 : 0;
    for (int i = 0; i < count; i++) {
      submissions.add(
          new Submission(
              InvocationId.of(now / 1_000, NUMBER, ++submitted * 0x9E3779B97F4A7C15L),
              target,
              Requirements.NONE,
              NODE,
              false,
              0,
              0,
              60_000_000,
              0,
              expiresAt,
              0,
              "",
              "",
              payload));
    }
    return submissions;
  }

  private static ShardLimits limits() {
    ShardLimits usual = ShardLimits.DEFAULT;
    return new ShardLimits(
        2_000_000,
        1L << 31,
        usual.losses(),
        usual.firstBackoff(),
        usual.longestBackoff(),
        usual.agingPerPriority());
  }
}
