package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promises hold whatever happens in whatever order; a failure names its seed. */
class SimulationTest {
  private static final ShardLimits LIMITS =
      new ShardLimits(
          60, 1_500, 2, Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(1));

  @ParameterizedTest
  @ValueSource(longs = {0, 100, 200, 300, 400})
  void everyPromiseIsKept(long firstSeed) {
    for (long seed = firstSeed; seed < firstSeed + 8; seed++) {
      run(seed, 500, new Shard(7, LIMITS)::apply);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000, 1_100, 1_200})
  void aCopyBehavesLikeTheOriginal(long firstSeed) {
    for (long seed = firstSeed; seed < firstSeed + 5; seed++) {
      run(seed, 500, new Twins(31)::apply);
    }
  }

  @Test
  void aReplicaThatReplaysTheBatchesBehavesLikeTheOriginal() {
    for (long seed = 2_000; seed < 2_005; seed++) {
      run(seed, 500, new Twins(Integer.MAX_VALUE)::apply);
    }
  }

  @Test
  @Tag("soak")
  void thePromisesAreKeptWithAThousandSeedsNeverTriedBefore() {
    long first = ThreadLocalRandom.current().nextLong();
    for (long seed = first; seed != first + 1_000; seed++) {
      run(seed, 1_000, new Twins(97)::apply);
    }
  }

  /** Two shards that must agree; one of them is replaced by a copy of the other now and then. */
  private static final class Twins {
    private final int operationsBetweenCopies;
    private final Shard original = new Shard(7, LIMITS);
    private Shard twin = new Shard(7, LIMITS);
    private int operations;

    Twins(int operationsBetweenCopies) {
      this.operationsBetweenCopies = operationsBetweenCopies;
    }

    ShardReply apply(ShardBatch batch, long now) {
      if (++operations % operationsBetweenCopies == 0) {
        twin = copy(original);
      }
      ShardReply reply = original.apply(batch, now);
      assertThat(twin.apply(batch, now)).isEqualTo(reply);
      return reply;
    }
  }

  @Test
  void aSettlementWithoutALookAtTheHolderIsCaught() {
    var leases = new HashMap<InvocationId, Grant>();
    assertCaught(
        batch -> withSettlements(batch, leases),
        reply -> {
          reply.grants().forEach(grant -> leases.put(grant.lease().id(), grant));
          return reply;
        });
  }

  @Test
  void aLostSessionsWorkThatIsNotGivenBackIsCaught() {
    assertCaught(
        batch ->
            new ShardBatch(
                batch.transitions().stream()
                    .map(t -> t instanceof Transition.Detach ? new Transition.Tick() : t)
                    .map(SimulationTest::forEver)
                    .toList(),
                batch.offers()),
        UnaryOperator.identity());
  }

  @Test
  void aFenceThatDoesNotRiseIsCaught() {
    assertCaught(
        UnaryOperator.identity(),
        reply -> withGrants(reply, reply.grants().stream().map(SimulationTest::unfenced).toList()));
  }

  @Test
  void anEndThatIsToldTwiceIsCaught() {
    assertCaught(UnaryOperator.identity(), reply -> withEnded(reply, twice(reply.ended())));
  }

  @Test
  void anEndThatIsNotToldIsCaught() {
    assertCaught(UnaryOperator.identity(), reply -> withEnded(reply, List.of()));
  }

  @Test
  void aGrantThatIsToldTwiceIsCaught() {
    assertCaught(UnaryOperator.identity(), reply -> withGrants(reply, twice(reply.grants())));
  }

  private static void assertCaught(
      UnaryOperator<ShardBatch> onTheWayIn, UnaryOperator<ShardReply> onTheWayOut) {
    var shard = new Shard(7, LIMITS);
    assertThatThrownBy(
            () ->
                run(
                    42,
                    500,
                    (batch, now) -> onTheWayOut.apply(shard.apply(onTheWayIn.apply(batch), now))))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("seed 42");
  }

  private static void run(long seed, int steps, Simulation.Machine machine) {
    try {
      new Simulation(seed, machine, LIMITS).run(steps);
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("with seed " + seed + ": " + e.getMessage(), e);
    }
  }

  private static Shard copy(Shard shard) {
    try {
      var bytes = new ByteArrayOutputStream();
      ShardState.write(shard, new DataOutputStream(bytes));
      return ShardState.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every settlement as if the present holder had made it. */
  private static ShardBatch withSettlements(ShardBatch batch, Map<InvocationId, Grant> leases) {
    var transitions = new ArrayList<Transition>();
    for (Transition transition : batch.transitions()) {
      transitions.add(
          transition instanceof Transition.Settle settle && !settle.settlements().isEmpty()
              ? asHolder(settle, leases)
              : transition);
    }
    return new ShardBatch(transitions, batch.offers());
  }

  private static Transition asHolder(Transition.Settle settle, Map<InvocationId, Grant> leases) {
    Settlement first = settle.settlements().getFirst();
    Grant grant = leases.get(first.id());
    return new Transition.Settle(
        grant.session(),
        List.of(new Settlement(first.id(), grant.lease().fence(), first.outcome(), first.usage())));
  }

  private static Transition forEver(Transition transition) {
    return transition instanceof Transition.Attach attach
        ? new Transition.Attach(attach.session(), attach.worker(), attach.gateway(), 1L << 60)
        : transition;
  }

  private static Grant unfenced(Grant grant) {
    Frame.Lease lease = grant.lease();
    return new Grant(
        grant.session(),
        new Frame.Lease(
            lease.id(),
            1,
            lease.attempt(),
            lease.revision(),
            lease.function(),
            lease.payload(),
            lease.timeoutMicros(),
            lease.callId(),
            lease.traceparent()),
        grant.uses(),
        grant.submittedAt(),
        grant.leasedAt());
  }

  private static <T> List<T> twice(List<T> list) {
    var doubled = new ArrayList<>(list);
    doubled.addAll(list);
    return doubled;
  }

  private static ShardReply withGrants(ShardReply reply, List<Grant> grants) {
    return new ShardReply(
        reply.replies(),
        grants,
        reply.ended(),
        reply.revocations(),
        reply.marks(),
        reply.unattached(),
        reply.nextDue(),
        reply.waiting());
  }

  private static ShardReply withEnded(ShardReply reply, List<InvocationRecord> ended) {
    return new ShardReply(
        reply.replies(),
        reply.grants(),
        ended,
        reply.revocations(),
        reply.marks(),
        reply.unattached(),
        reply.nextDue(),
        reply.waiting());
  }
}
