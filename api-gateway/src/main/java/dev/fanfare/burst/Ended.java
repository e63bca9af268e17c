package dev.fanfare.burst;

import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.WorkerId;
import org.jspecify.annotations.Nullable;

/**
 * How one item of a burst ended.
 *
 * @param index of the item, from 0
 * @param line of the request that it stood in, from 1; 0 where there are no lines
 * @param id of the invocation that it was, alone or with others; null if it never was submitted
 * @param outcome how it ended
 * @param worker of the latest attempt, null where there was none
 * @param attempt the latest, from 1; 0 where there was none
 */
public record Ended(
    long index,
    long line,
    @Nullable InvocationId id,
    Outcome outcome,
    @Nullable WorkerId worker,
    int attempt) {

  /** An item that was refused before it was submitted. */
  static Ended refused(Piece piece, Fault fault) {
    return new Ended(piece.index(), piece.line(), null, new Outcome.Failure(fault), null, 0);
  }

  /** An item of a burst that was cancelled before it was submitted. */
  static Ended cancelled(Piece piece, String reason) {
    return new Ended(piece.index(), piece.line(), null, new Outcome.Cancelled(reason), null, 0);
  }

  InvocationState state() {
    return outcome.state();
  }

  /** The same with a result that was fetched. */
  Ended with(Payload result) {
    return new Ended(index, line, id, new Outcome.Success(result), worker, attempt);
  }

  /** About how many bytes of memory it takes. */
  long bytes() {
    int own =
        switch (outcome) {
          case Outcome.Success(Payload.Inline result) -> result.bytes().length;
          case Outcome.Success(Payload.Blob result) -> 100;
          case Outcome.Failure(Fault fault) -> fault.message().length() + fault.stack().length();
          case Outcome.Cancelled(String reason) -> 0;
        };
    return 150L + own;
  }
}
