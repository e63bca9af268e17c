package dev.fanfare.frame;

import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** One frame of every kind, and more where a kind has several shapes. */
final class Frames {
  private static final InvocationId ID = new InvocationId(0x0192_3456_789A_0007L, -2L);
  private static final Sha256 HASH = Sha256.of("body".getBytes(StandardCharsets.UTF_8));
  private static final RevisionId REVISION = new RevisionId(Sha256.of(new byte[] {1, 2, 3}));
  private static final FunctionName FUNCTION = new FunctionName("orders.resize");
  private static final Frame.Held HELD = new Frame.Held(ID, Long.MAX_VALUE);
  private static final byte[] BYTES = {0, -1, 127, -128, 13, 10};

  static final Frame.Leases LEASES =
      new Frame.Leases(
          List.of(
              new Frame.Lease(
                  ID,
                  1,
                  2,
                  REVISION,
                  FUNCTION,
                  new Payload.Inline(
                      "application/json", "{\"n\":1}".getBytes(StandardCharsets.UTF_8)),
                  60_000_000,
                  "",
                  ""),
              new Frame.Lease(
                  ID,
                  3,
                  1,
                  REVISION,
                  FUNCTION,
                  new Payload.Blob("image/png", HASH, 5_000_000_000L),
                  1,
                  "call ü 7",
                  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                  true)));

  static final Frame.Outcomes OUTCOMES =
      new Frame.Outcomes(
          77,
          List.of(
              new Frame.Settlement(
                  ID,
                  1,
                  new Outcome.Success(new Payload.Inline("text/plain; charset=utf-8", BYTES)),
                  new Usage(1, 2, 3, 4, 5, Long.MAX_VALUE)),
              new Frame.Settlement(
                  ID,
                  2,
                  new Outcome.Success(new Payload.Blob("application/json", HASH, 7)),
                  Usage.NONE),
              new Frame.Settlement(
                  ID,
                  3,
                  new Outcome.Failure(
                      new Fault(FailureCode.REJECTED, "argument", "width: …", "at A.b", 422)),
                  Usage.NONE),
              new Frame.Settlement(
                  ID, 4, Outcome.Failure.of(FailureCode.TIMED_OUT, "after 1 s"), Usage.NONE),
              new Frame.Settlement(ID, 5, new Outcome.Cancelled("by its caller"), Usage.NONE)));

  static final List<Frame> ALL =
      List.of(
          new Frame.Unknown("dance"),
          new Frame.Hello(1, profile(), Optional.of("token"), List.of(HELD)),
          new Frame.Hello(1, profile(), Optional.empty(), List.of()),
          new Frame.Welcome(
              new SessionId("abcdefghijklmnopqrstuvwxyz"),
              "r",
              Optional.of("ff_1_2"),
              2_000,
              1L << 40),
          new Frame.Welcome(
              new SessionId("abcdefghijklmnopqrstuvwxyz"), "r", Optional.empty(), 2_000, 0),
          new Frame.Heartbeat(1_790_000_000_000L),
          new Frame.Bye("restart", true),
          new Frame.Bye("", false),
          new Frame.Drain(),
          new Frame.Credit(-4, List.of(new Frame.Warm(REVISION, FUNCTION, 512))),
          new Frame.Credit(0, List.of()),
          new Frame.Credit(0, List.of(), -2),
          new Frame.Full(List.of(new Frame.Warm(REVISION, FUNCTION, 2))),
          new Frame.Full(List.of()),
          new Frame.Scaling(
              List.of(new Frame.Warm(REVISION, FUNCTION, 1)),
              List.of(new Frame.Warm(REVISION, FUNCTION, 0))),
          LEASES,
          new Frame.Leases(LEASES.leases(), 1),
          new Frame.Leases(LEASES.leases(), 0, 1),
          new Frame.Leases(List.of()),
          OUTCOMES,
          new Frame.Acknowledged(77, List.of(HELD)),
          new Frame.Returned(List.of(HELD, HELD)),
          new Frame.Revoke(List.of(HELD), "cancelled"),
          new Frame.Logs(
              List.of(
                  new LogLine(
                      ID, 1, 1, 1_790_000_000_000_000L, "out", "", "hello \u0000 \uD83D\uDE00"),
                  new LogLine(ID, 1, 2, 5, "log", "WARNING", ""))),
          new Frame.Channels(
              List.of(new Frame.Events(ID, 7, BYTES), new Frame.Events(ID, 8, new byte[0]))),
          new Frame.Channels(List.of()),
          new Frame.Fetch(HASH, 1L << 33, Frame.CHUNK_BYTES),
          new Frame.Chunk(HASH, 0, 6, BYTES),
          new Frame.Missing(HASH),
          new Frame.Announced(new RevisionId(HASH)),
          new Frame.Upload(HASH, 1L << 33, 1L << 34, BYTES),
          new Frame.Uploaded(HASH, 12),
          new Frame.Load(REVISION, "/data/m", "/data/a.jar", "/data/blobs", 64 << 20),
          new Frame.Loaded(REVISION, 12_345),
          new Frame.Described(profile()),
          new Frame.Check(),
          new Frame.Status(1, 2, 3, 0.75, List.of(REVISION)),
          new Frame.Inspect(4),
          new Frame.Condition(4, "{\"slots\":2}"));

  private Frames() {}

  private static WorkerProfile profile() {
    return new WorkerProfile(
        new WorkerId("box-1"),
        Labels.of(Map.of("os", "linux", "gpu", "")),
        4,
        Set.of(Isolation.PROCESS, Isolation.SHARED),
        "0.1.0");
  }
}
