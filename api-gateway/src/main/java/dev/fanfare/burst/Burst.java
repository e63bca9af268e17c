package dev.fanfare.burst;

import dev.fanfare.blob.Blobs;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Many items of one function: takes them in as far as there is room, has them run, and hands their
 * results out, each index once. Only on the dispatcher's context.
 */
final class Burst implements Flights.Landing, Delivery.Outside {
  private final String id;
  private final Work work;
  private final BurstOptions options;
  private final Platform platform;
  private final Figures figures;
  private final Window window;
  private final Kept kept;
  private final Flights flights;
  private final Delivery delivery;
  private final @Nullable Stragglers stragglers;
  private @Nullable Peer peer;
  private @Nullable Chunker chunker;
  private boolean inputEnded;
  private @Nullable String cancelled;

  /**
   * What bursts run on.
   *
   * @param share how much of the memory for one burst each has, 0 to 1
   */
  record Platform(
      Dispatcher dispatcher,
      Blobs blobs,
      Executor disk,
      InstantSource clock,
      DoubleSupplier share,
      Consumer<Burst> whenEnded) {}

  Burst(String id, Work work, BurstOptions options, Platform platform, Peer peer) {
    this.id = id;
    this.work = work;
    this.options = options;
    this.platform = platform;
    this.peer = peer;
    this.figures = new Figures(now());
    this.window = new Window(options.mostInFlight(), platform.share());
    this.kept = new Kept(platform.share());
    this.flights = new Flights(platform.dispatcher(), work, this);
    this.delivery = new Delivery(this, kept, options.ordered(), peer);
    this.stragglers =
        options.rerunSlow()
            ? new Stragglers(platform.dispatcher(), work, flights, figures, this::now)
            : null;
  }

  // ---- what comes in ----

  /**
   * These bytes go before each item's own on the worker, and tiny items may share an invocation.
   */
  void prefix(byte[] prefix) {
    chunker = new Chunker(prefix, options.chunk(), flights, this::slots, this::launch);
  }

  /** How many more items may come now. */
  boolean takes() {
    return window.open() && !flights.blocked() && !inputEnded;
  }

  /** One item. */
  void take(long index, long line, Payload.Inline body) {
    var piece = new Piece(index, line, body, now());
    figures.submitted++;
    window.entered(body.size());
    if (cancelled != null) {
      end(piece, cancelled(piece, cancelled));
    } else if (chunker != null) {
      chunker.add(piece);
    } else {
      launch(List.of(piece), body);
    }
  }

  /** An item that cannot be run. */
  void refuse(long index, long line, Fault fault) {
    var piece = new Piece(index, line, Payload.EMPTY, now());
    figures.submitted++;
    window.entered(0);
    end(piece, Ended.refused(piece, fault));
  }

  /** There are no more items. */
  void endInput() {
    inputEnded = true;
    endIfDone();
  }

  /** Whether there will be more items. */
  boolean inputEnded() {
    return inputEnded;
  }

  /** Ends what has not ended; a second time does nothing. */
  void cancel(String reason) {
    if (cancelled != null || figures.endedAt != 0) {
      return;
    }
    cancelled = reason;
    if (chunker != null) {
      chunker.clear().forEach(piece -> end(piece, cancelled(piece, reason)));
    }
    flights.cancel(reason);
    endIfDone();
  }

  /** Its client went away: what is left is cancelled, unless the burst was to go on by itself. */
  void peerGone() {
    if (peer == null || figures.endedAt != 0) {
      return;
    }
    peer = null;
    delivery.leave();
    if (!options.detached()) {
      cancel("the client went away");
    }
    endInput();
  }

  /** The peer can take results again. */
  void drained() {
    delivery.drained();
  }

  /** The gateway stops: what is left is cancelled, or goes on elsewhere. */
  void shutDown() {
    inputEnded = true;
    if (peer != null && peer.sentElsewhere()) {
      peer = null;
      delivery.leave();
    }
    cancel("the gateway stops");
    flights.abandonAll("the gateway stops");
  }

  // ---- what comes back ----

  @Override
  public void ended(Flight flight, InvocationRecord invocation) {
    if (invocation.outcome().orElse(null) instanceof Outcome.Success(Payload.Blob blob)
        && chunker != null) {
      fetch(blob, payload -> landed(flight, with(invocation, payload)));
    } else {
      landed(flight, invocation);
    }
  }

  private void landed(Flight flight, InvocationRecord invocation) {
    List<Piece> pieces = flight.pieces;
    figures.landed(pieces.getFirst(), pieces.size(), invocation, now());
    Landed landed = Landed.of(pieces, invocation, chunker != null);
    if (chunker != null) {
      chunker.ran(pieces.size(), invocation);
      landed.again().forEach(chunker::addAlone);
    }
    for (int i = 0; i < landed.ended().size(); i++) {
      end(pieces.get(i), landed.ended().get(i));
    }
  }

  @Override
  public void abandoned(Flight flight, @Nullable String reason, String why) {
    for (Piece piece : flight.pieces) {
      end(
          piece,
          reason == null
              ? Ended.refused(piece, Fault.of(FailureCode.WORKER_LOST, why))
              : cancelled(piece, reason));
    }
  }

  @Override
  public void unblocked() {
    if (chunker != null) {
      chunker.unblocked();
    }
    if (peer != null && figures.endedAt == 0) {
      peer.roomGrew();
    }
  }

  private void end(Piece piece, Ended ended) {
    figures.count(ended.state(), now());
    window.ended(piece.payload().size());
    window.saw(ended.bytes());
    delivery.add(ended);
  }

  @Override
  public void soon(Runnable flush) {
    platform.dispatcher().context().runOnContext(tick -> flush.run());
  }

  @Override
  public void fetch(Ended ended, Consumer<Ended> fetched) {
    if (ended.outcome() instanceof Outcome.Success(Payload.Blob blob)) {
      fetch(
          blob,
          payload ->
              fetched.accept(payload instanceof Payload.Inline ? ended.with(payload) : ended));
    }
  }

  @Override
  public void delivered(int count) {
    for (int i = 0; i < count; i++) {
      window.delivered();
    }
    endIfDone();
    if (peer != null && figures.endedAt == 0) {
      peer.roomGrew();
    }
  }

  private void endIfDone() {
    if (inputEnded && window.items() == 0 && figures.endedAt == 0) {
      figures.endedAt = now();
      if (stragglers != null) {
        stragglers.stop();
      }
      platform.whenEnded().accept(this);
      Peer last = peer;
      if (last != null) {
        peer = null;
        last.ended();
        delivery.leave();
      }
    }
  }

  // ---- disk ----

  private void launch(List<Piece> pieces, Payload.Inline body) {
    if (body.size() <= Payload.INLINE_LIMIT) {
      flights.launch(pieces, body);
      return;
    }
    platform
        .disk()
        .execute(
            () -> {
              try {
                var hash = platform.blobs().put(body.bytes());
                var blob = new Payload.Blob(body.contentType(), hash, body.size());
                platform.dispatcher().run(() -> launchKept(pieces, blob));
              } catch (RuntimeException e) {
                String why = "the gateway could not keep the item: " + e.getMessage();
                platform.dispatcher().run(() -> notKept(pieces, why));
              }
            });
  }

  private void launchKept(List<Piece> pieces, Payload.Blob blob) {
    if (cancelled != null) {
      pieces.forEach(piece -> end(piece, cancelled(piece, cancelled)));
    } else {
      flights.launch(pieces, blob);
    }
  }

  private void notKept(List<Piece> pieces, String why) {
    Fault fault = Fault.of(FailureCode.WORKER_LOST, why);
    pieces.forEach(piece -> end(piece, Ended.refused(piece, fault)));
  }

  /** Brings a blob inside; where it is gone, gives the blob itself. */
  private void fetch(Payload.Blob blob, Consumer<Payload> next) {
    platform
        .disk()
        .execute(
            () -> {
              Payload payload = blob;
              try {
                byte[] bytes = platform.blobs().read(blob.hash(), 0, Math.toIntExact(blob.size()));
                payload = new Payload.Inline(blob.contentType(), bytes);
              } catch (RuntimeException e) {
                // Its blob is gone: the result is told by its size alone.
              }
              Payload found = payload;
              platform.dispatcher().run(() -> next.accept(found));
            });
  }

  // ---- what it tells of itself ----

  String id() {
    return id;
  }

  Work work() {
    return work;
  }

  Figures figures() {
    return figures;
  }

  Kept kept() {
    return kept;
  }

  Window window() {
    return window;
  }

  int running() {
    return flights.running();
  }

  /** How many items share an invocation at present. */
  int chunk() {
    return chunker == null ? 1 : chunker.size();
  }

  boolean over() {
    return figures.endedAt != 0;
  }

  @Nullable String cancelled() {
    return cancelled;
  }

  /** Why no connected worker could run the items; empty when one could. */
  Optional<String> whyNot() {
    return platform.dispatcher().whyNot(work.requirements());
  }

  long now() {
    Instant now = platform.clock().instant();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  private int slots() {
    return platform.dispatcher().slots(work.requirements());
  }

  private static Ended cancelled(Piece piece, String reason) {
    return new Ended(piece.index(), piece.line(), null, new Outcome.Cancelled(reason), null, 0);
  }

  private static InvocationRecord with(InvocationRecord invocation, Payload result) {
    return new InvocationRecord(
        invocation.id(),
        invocation.tenant(),
        invocation.function(),
        invocation.revision(),
        InvocationState.SUCCEEDED,
        invocation.callId(),
        invocation.async(),
        invocation.priority(),
        invocation.attempts(),
        invocation.losses(),
        invocation.fence(),
        invocation.worker(),
        invocation.origin(),
        invocation.submittedAt(),
        invocation.dueAt(),
        invocation.startedAt(),
        invocation.endedAt(),
        Optional.of(new Outcome.Success(result)),
        invocation.usage());
  }
}
