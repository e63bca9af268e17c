package dev.fanfare.cluster;

import static dev.fanfare.shard.ShardsContract.NODE;
import static dev.fanfare.shard.ShardsContract.OTHER_SESSION;
import static dev.fanfare.shard.ShardsContract.SESSION;
import static dev.fanfare.shard.ShardsContract.TARGET;
import static dev.fanfare.shard.ShardsContract.newId;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Grant;
import dev.fanfare.shard.Mark;
import dev.fanfare.shard.Offer;
import dev.fanfare.shard.Pauses;
import dev.fanfare.shard.Pauses.PausedFunction;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Resumption;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.ShardCounts;
import dev.fanfare.shard.ShardReply;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import dev.fanfare.shard.WarmKey;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.StreamCorruptedException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final Requirements DEMANDING =
      new Requirements(
          List.of(
              Constraint.parse("gpu=a100"),
              Constraint.parse("zone in (a,b)"),
              Constraint.parse("ssd")),
          Isolation.SANDBOX);
  private static final Policy STRICT =
      new Policy(
          Duration.ofMillis(1_500),
          Optional.of(3),
          Optional.of(Duration.ofNanos(1)),
          8,
          1L << 30,
          DEMANDING);
  private static final Target OTHER_TARGET =
      new Target(TARGET.tenant(), new FunctionName("count"), TARGET.revision(), STRICT);
  private static final Payload BLOB =
      new Payload.Blob("image/png", Sha256.of(new byte[] {7}), Long.MAX_VALUE);
  private static final Payload TEXT = new Payload.Inline("text/plain", new byte[] {-1, 0, 1});
  private static final Outcome FAILED =
      new Outcome.Failure(new Fault(FailureCode.REJECTED, "x.Y", "ünlesbar 🎺", "at z", 418));
  private static final Usage USAGE = new Usage(1, -2, Long.MIN_VALUE, Long.MAX_VALUE, 0, 63);
  private static final InvocationId ID = newId(65_535);
  private static final List<Held> HELD = List.of(new Held(ID, 7), new Held(newId(0), 8));

  @Test
  void everyBatchArrivesAsItWasSent() throws IOException {
    WorkerProfile worker =
        new WorkerProfile(
            new WorkerId("Worker_1"),
            Labels.of(Map.of("os", "linux", "cpus", "2")),
            4,
            Set.of(Isolation.SHARED, Isolation.CONTAINER),
            "0.1.0");
    ShardBatch batch =
        new ShardBatch(
            List.of(
                new Transition.Submit(
                    List.of(
                        submission(TARGET, Requirements.NONE, TEXT),
                        submission(OTHER_TARGET, DEMANDING, BLOB),
                        submission(TARGET, DEMANDING, Payload.EMPTY),
                        submission(TARGET, DEMANDING, Payload.EMPTY).above(1 << 16))),
                new Transition.Settle(
                    SESSION,
                    List.of(
                        new Settlement(ID, 1, new Outcome.Success(BLOB), USAGE),
                        new Settlement(ID, 2, FAILED, Usage.NONE),
                        new Settlement(ID, 3, new Outcome.Cancelled("why"), USAGE))),
                new Transition.Return(SESSION, HELD),
                new Transition.Attach(OTHER_SESSION, worker, NODE, 10_000_000),
                new Transition.Detach(SESSION),
                new Transition.Adopt(SESSION, HELD),
                new Transition.Renew(List.of(SESSION, OTHER_SESSION)),
                new Transition.Cancel(List.of(ID), "not needed"),
                new Transition.Tick(),
                new Transition.Forget(List.of(ID, newId(3))),
                new Transition.Find(List.of(ID)),
                new Transition.Scan(1_000),
                new Transition.Count(),
                new Transition.Pause(
                    new Pauses(
                        7,
                        Set.of(TARGET.tenant()),
                        Set.of(new PausedFunction(TARGET.tenant(), TARGET.function()))))),
            List.of(
                new Offer(SESSION, 3, List.of()),
                new Offer(
                    OTHER_SESSION,
                    0,
                    List.of(new Offer.Warm(TARGET.revision(), TARGET.function(), 9)),
                    2,
                    List.of(new WarmKey(TARGET.revision(), TARGET.function())),
                    List.of(new WarmKey(TARGET.revision(), TARGET.function())))));

    var bytes = new ByteArrayOutputStream();
    BatchCodec.write(new DataOutputStream(bytes), batch);
    assertThat(BatchCodec.read(input(bytes.toByteArray()))).isEqualTo(batch);
  }

  @Test
  void everyReplyArrivesAsItWasSent() throws IOException {
    ShardReply reply =
        new ShardReply(
            List.of(
                new Reply.Done(),
                new Reply.Admissions(List.of(Reply.Admission.values())),
                new Reply.Settled(HELD),
                new Reply.Adopted(HELD),
                new Reply.Cancelled(List.of(Reply.Cancellation.values())),
                new Reply.Found(List.of(record(Optional.empty()), record(Optional.of(FAILED)))),
                new Reply.Counted(
                    new ShardCounts(
                        1,
                        2,
                        3,
                        4,
                        5,
                        6,
                        Map.of(FailureCode.EXPIRED, 7L),
                        8,
                        9,
                        10,
                        11,
                        12,
                        Map.of(TARGET.function(), 13L)))),
            List.of(
                new Grant(
                    SESSION,
                    new Lease(
                        ID,
                        9,
                        2,
                        TARGET.revision(),
                        TARGET.function(),
                        TEXT,
                        60,
                        "call",
                        "trace",
                        true),
                    Grant.Uses.GUEST,
                    10,
                    11)),
            List.of(record(Optional.of(new Outcome.Success(TEXT)))),
            List.of(new ShardReply.Revocation(NODE, SESSION, HELD.getFirst(), "timed out")),
            List.of(new Mark(ID, NODE, 3, 1, 1L << 33, 14, true)),
            List.of(OTHER_SESSION),
            Long.MAX_VALUE,
            List.of(Requirements.NONE, DEMANDING));

    var bytes = new ByteArrayOutputStream();
    ReplyCodec.write(new DataOutputStream(bytes), reply);
    assertThat(ReplyCodec.read(input(bytes.toByteArray()))).isEqualTo(reply);
  }

  @Test
  void targetsAreWrittenOncePerBatch() throws IOException {
    assertThat(sizeOf(1_000)).isLessThan(sizeOf(1) + 999 * 60);
  }

  @Test
  void anotherFormatIsRefused() {
    assertThatThrownBy(() -> BatchCodec.read(input(new byte[] {99, 0, 0})))
        .isInstanceOf(StreamCorruptedException.class)
        .hasMessageContaining("format 99");
  }

  private static int sizeOf(int submissions) throws IOException {
    var bytes = new ByteArrayOutputStream();
    Submission submission = submission(OTHER_TARGET, DEMANDING, Payload.EMPTY);
    var submit = new Transition.Submit(java.util.Collections.nCopies(submissions, submission));
    BatchCodec.write(new DataOutputStream(bytes), new ShardBatch(List.of(submit), List.of()));
    return bytes.size();
  }

  private static Submission submission(Target target, Requirements demands, Payload payload) {
    Resumption resumed =
        payload.equals(TEXT) ? new Resumption(7, 2, 1, 1L << 32, 8) : Resumption.NONE;
    return new Submission(
        ID, target, demands, NODE, true, -100, 2, 3, 4, 5, 6, "call", "trace", payload, resumed);
  }

  private static InvocationRecord record(Optional<Outcome> outcome) {
    return new InvocationRecord(
        ID,
        TARGET.tenant(),
        TARGET.function(),
        TARGET.revision(),
        outcome.map(Outcome::state).orElse(InvocationState.SCHEDULED),
        "call",
        true,
        100,
        1,
        2,
        3,
        outcome.map(_ -> new WorkerId("worker-1")),
        NODE,
        4,
        5,
        6,
        7,
        outcome,
        USAGE);
  }

  private static DataInputStream input(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
