package dev.fanfare.burst;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.shipping.Chunk;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an invocation's end means for its items: either how each ended, or that each is to be tried
 * again by itself, because one of them may have taken the others with it.
 */
record Landed(List<Ended> ended, List<Piece> again) {
  private static final String BYTES = "application/octet-stream";

  static Landed of(
      List<Piece> pieces, InvocationRecord invocation, Outcome outcome, boolean chunk) {
    if (chunk && outcome instanceof Outcome.Success(Payload result)) {
      List<Chunk.Part> parts = parts(result, pieces.size());
      return parts == null
          ? alike(pieces, invocation, unreadable())
          : new Landed(each(pieces, invocation, parts), List.of());
    }
    boolean apart = pieces.size() > 1 && outcome instanceof Outcome.Failure(Fault f) && mayBeOne(f);
    return apart ? new Landed(List.of(), pieces) : alike(pieces, invocation, outcome);
  }

  /** Whether it may be the fault of one item only. */
  private static boolean mayBeOne(Fault fault) {
    return switch (fault.code()) {
      case USER_FAULT,
          REJECTED,
          TIMED_OUT,
          WORKER_LOST,
          OUT_OF_MEMORY,
          CRASHED,
          RESULT_TOO_LARGE,
          BAD_RESULT ->
          true;
      case EXPIRED, DEPENDENCY_FAILED, NO_SUCH_REVISION, CANCELLED_BY_PARENT, LEDGER_DAMAGED ->
          false;
    };
  }

  private static @Nullable List<Chunk.Part> parts(Payload result, int expected) {
    if (!(result instanceof Payload.Inline inline)) {
      return null;
    }
    try {
      List<Chunk.Part> parts = Chunk.parts(inline.bytes());
      return parts.size() == expected ? parts : null;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      return null;
    }
  }

  private static Outcome unreadable() {
    return Outcome.Failure.of(
        FailureCode.BAD_RESULT, "the answer does not hold one result for each item");
  }

  private static List<Ended> each(
      List<Piece> pieces, InvocationRecord invocation, List<Chunk.Part> parts) {
    var ended = new ArrayList<Ended>(pieces.size());
    for (int i = 0; i < parts.size(); i++) {
      Outcome outcome =
          switch (parts.get(i)) {
            case Chunk.Value value -> new Outcome.Success(new Payload.Inline(BYTES, value.bytes()));
            case Chunk.Thrown thrown -> new Outcome.Failure(fault(thrown));
          };
      ended.add(one(pieces.get(i), invocation, outcome));
    }
    return ended;
  }

  private static Fault fault(Chunk.Thrown thrown) {
    FailureCode code = thrown.status() == 0 ? FailureCode.USER_FAULT : FailureCode.REJECTED;
    return new Fault(code, thrown.type(), thrown.message(), thrown.stack(), thrown.status());
  }

  private static Landed alike(List<Piece> pieces, InvocationRecord invocation, Outcome outcome) {
    return new Landed(
        pieces.stream().map(piece -> one(piece, invocation, outcome)).toList(), List.of());
  }

  private static Ended one(Piece piece, InvocationRecord invocation, Outcome outcome) {
    return new Ended(
        piece.index(),
        piece.line(),
        invocation.id(),
        outcome,
        invocation.worker().orElse(null),
        invocation.attempts());
  }
}
