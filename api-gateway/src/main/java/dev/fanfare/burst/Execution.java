package dev.fanfare.burst;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Has a burst's items run, several in one invocation where they are tiny, and tells how each of
 * them ended, once. Only on the dispatcher's context.
 */
final class Execution implements Flights.Landing {
  private final Work work;
  private final int chunk;
  private final Platform platform;
  private final Figures figures;
  private final LargePayloads payloads;
  private final Ends ends;
  private final Window window;
  private final Flights flights;
  private final @Nullable Stragglers stragglers;
  private @Nullable Chunker chunker;
  private @Nullable String cancelled;

  /** Who hears of the items. */
  interface Ends {
    void ended(Piece piece, Ended ended);

    /** There may be room for more. */
    void unblocked();
  }

  /**
   * Nothing runs yet.
   *
   * @param cancelled why every item is cancelled that comes; null for none
   */
  Execution(
      Work work,
      BurstOptions options,
      Platform platform,
      Figures figures,
      LargePayloads payloads,
      @Nullable String cancelled,
      Ends ends) {
    this.work = work;
    this.chunk = options.chunk();
    this.platform = platform;
    this.figures = figures;
    this.payloads = payloads;
    this.cancelled = cancelled;
    this.ends = ends;
    this.window = new Window(options.mostInFlight(), platform.share());
    this.flights = new Flights(platform.dispatcher(), work, this);
    this.stragglers =
        options.rerunSlow()
            ? new Stragglers(platform.dispatcher(), work, flights, figures, platform::nowMicros)
            : null;
  }

  /** Tiny items may share an invocation from now on, with these bytes before each one's own. */
  void share(byte[] prefix) {
    chunker = new Chunker(prefix, chunk, flights, this::slots, this::launch);
  }

  private int slots() {
    Dispatcher dispatcher = platform.dispatcher();
    return dispatcher.slots(work.requirements());
  }

  Window window() {
    return window;
  }

  /** Whether there is room for one more item. */
  boolean takes() {
    return window.open() && !flights.blocked();
  }

  void run(long index, long line, Payload.Inline body) {
    var piece = new Piece(index, line, body, platform.nowMicros());
    window.entered(body.size());
    if (cancelled != null) {
      ends.ended(piece, Ended.cancelled(piece, cancelled));
    } else if (chunker != null) {
      chunker.add(piece);
    } else {
      launch(List.of(piece), body);
    }
  }

  /** An item that cannot be run. */
  void refuse(long index, long line, Fault fault) {
    var piece = new Piece(index, line, Payload.EMPTY, platform.nowMicros());
    window.entered(0);
    ends.ended(piece, Ended.refused(piece, fault));
  }

  private void launch(List<Piece> pieces, Payload.Inline body) {
    if (body.size() <= Payload.INLINE_LIMIT) {
      flights.launch(pieces, body);
    } else {
      payloads.keep(body, blob -> launch(pieces, blob), why -> notKept(pieces, why));
    }
  }

  private void launch(List<Piece> pieces, Payload.Blob blob) {
    String reason = cancelled;
    if (reason != null) {
      pieces.forEach(piece -> ends.ended(piece, Ended.cancelled(piece, reason)));
    } else {
      flights.launch(pieces, blob);
    }
  }

  private void notKept(List<Piece> pieces, String why) {
    Fault fault = Fault.of(FailureCode.WORKER_LOST, why);
    pieces.forEach(piece -> ends.ended(piece, Ended.refused(piece, fault)));
  }

  // ---- what comes back ----

  @Override
  public void ended(Flight flight, InvocationRecord invocation) {
    Outcome outcome = invocation.outcome().orElseThrow();
    if (chunker != null && outcome instanceof Outcome.Success(Payload.Blob blob)) {
      payloads.fetch(blob, result -> landed(flight, invocation, new Outcome.Success(result)));
    } else {
      landed(flight, invocation, outcome);
    }
  }

  private void landed(Flight flight, InvocationRecord invocation, Outcome outcome) {
    List<Piece> pieces = flight.pieces;
    figures.landed(pieces.getFirst(), pieces.size(), invocation, platform.nowMicros());
    Landed landed = Landed.of(pieces, invocation, outcome, chunker != null);
    if (chunker != null) {
      chunker.ran(pieces.size(), invocation);
      landed.again().forEach(chunker::addAlone);
    }
    for (int i = 0; i < landed.ended().size(); i++) {
      ends.ended(pieces.get(i), landed.ended().get(i));
    }
  }

  @Override
  public void abandoned(Flight flight, @Nullable String reason, String why) {
    for (Piece piece : flight.pieces) {
      ends.ended(
          piece,
          reason == null
              ? Ended.refused(piece, Fault.of(FailureCode.WORKER_LOST, why))
              : Ended.cancelled(piece, reason));
    }
  }

  @Override
  public void unblocked() {
    if (chunker != null) {
      chunker.unblocked();
    }
    ends.unblocked();
  }

  // ---- how it ends ----

  /** Ends what has not ended, and every item that comes. */
  void cancel(String reason) {
    cancelled = reason;
    if (chunker != null) {
      chunker.clear().forEach(piece -> ends.ended(piece, Ended.cancelled(piece, reason)));
    }
    flights.cancel(reason);
  }

  /** Lets go of what has not ended; nothing more is heard of it. */
  void abandon(String why) {
    flights.abandonAll(why);
  }

  /** Lets go of everything, and cancels what runs: another node has the burst. */
  void leave(String why) {
    if (chunker != null) {
      chunker.clear();
    }
    flights.cancel(why);
    flights.abandonAll(why);
    stop();
  }

  /** Nothing runs a second time from now on. */
  void stop() {
    if (stragglers != null) {
      stragglers.stop();
    }
  }

  // ---- what it tells of itself ----

  /** Why all that comes is cancelled; null where it is not. */
  @Nullable String cancelled() {
    return cancelled;
  }

  int running() {
    return flights.running();
  }

  /** How many items share an invocation at present. */
  int chunk() {
    return chunker == null ? 1 : chunker.size();
  }
}
