package dev.fanfare.burst;

import dev.fanfare.blob.Blobs;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.journal.BurstHead;
import dev.fanfare.journal.BurstHeads;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Many items of one function: takes them in as far as there is room, has them run, and hands their
 * results out, each index once. Only on the dispatcher's context.
 */
final class Burst implements Flights.Landing, Delivery.Outside, Journal.Written {
  /** How long a client may be away that has not sent all its items. */
  static final long CLIENT_AWAY_MILLIS = 75_000;

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

  /** Of a burst that goes on by itself. */
  private final @Nullable Journal journal;

  private final StoredItems stored;
  private final BitSet endedBefore;
  private long nextToRun;
  private boolean feeding;
  private boolean left;

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
      Consumer<Burst> whenEnded,
      Consumer<Burst> whenLost) {}

  /**
   * A burst that is written down.
   *
   * @param endedBefore the items whose results were kept before it came here
   */
  record Durable(BurstHeads heads, BurstHead head, BitSet endedBefore) {}

  Burst(
      String id,
      Work work,
      BurstOptions options,
      Platform platform,
      @Nullable Peer peer,
      @Nullable Durable durable) {
    this.id = id;
    this.work = work;
    this.options = options;
    this.platform = platform;
    this.peer = peer;
    this.figures = durable == null ? new Figures(now()) : new Figures(durable.head, now());
    this.window = new Window(options.mostInFlight(), platform.share());
    this.kept = new Kept(durable == null ? platform.share() : () -> 0);
    this.flights = new Flights(platform.dispatcher(), work, this);
    this.delivery = new Delivery(this, kept, options.ordered(), peer);
    this.stragglers =
        options.rerunSlow()
            ? new Stragglers(platform.dispatcher(), work, flights, figures, this::now)
            : null;
    this.stored = new StoredItems(platform, this::feed);
    this.endedBefore = durable == null ? new BitSet() : durable.endedBefore;
    this.journal =
        durable == null ? null : new Journal(platform, durable.heads, durable.head, this);
    if (durable != null) {
      durable.head.items().forEach(stored::add);
      cancelled = durable.head.cancelled().orElse(null);
      inputEnded = durable.head.complete();
    }
  }

  /** Writes a burst down that is to go on by itself; what it waits for begins with that. */
  void begin() {
    if (journal != null) {
      journal.begin();
      if (peer == null && !inputEnded) {
        awaitClient();
      }
      feed();
    }
  }

  /** The client is back that had not sent all its items, and has those that were not kept. */
  void resume(Peer back) {
    peer = back;
    Journal written = journal;
    if (written != null) {
      back.kept(written.head().itemCount(), written.head().complete());
    }
  }

  // ---- what comes in ----

  /**
   * These bytes go before each item's own on the worker, and tiny items may share an invocation.
   */
  void prefix(byte[] prefix) {
    if (journal != null) {
      journal.prefix(prefix);
    }
    chunked(prefix);
  }

  /** The same of a burst whose prefix was kept before. */
  void chunked(byte[] prefix) {
    chunker = new Chunker(prefix, options.chunk(), flights, this::slots, this::launch);
  }

  /** How many more items may come now. */
  boolean takes() {
    if (journal != null) {
      return journal.takes();
    }
    return window.open() && !flights.blocked() && !inputEnded;
  }

  /** One item. */
  void take(long index, long line, Payload.Inline body) {
    if (journal != null) {
      keep(new StoredItem(index, line, body.bytes(), null));
      return;
    }
    figures.submitted++;
    run(index, line, body);
  }

  private void run(long index, long line, Payload.Inline body) {
    var piece = new Piece(index, line, body, now());
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
    if (journal != null) {
      keep(new StoredItem(index, line, new byte[0], fault));
      return;
    }
    figures.submitted++;
    runNot(index, line, fault);
  }

  private void runNot(long index, long line, Fault fault) {
    var piece = new Piece(index, line, Payload.EMPTY, now());
    window.entered(0);
    end(piece, Ended.refused(piece, fault));
  }

  /** There are no more items. */
  void endInput() {
    inputEnded = true;
    if (journal != null) {
      journal.endInput();
    }
    endIfDone();
  }

  // ---- a burst that goes on by itself ----

  private void keep(StoredItem item) {
    Journal to = Objects.requireNonNull(journal);
    if (item.index() < to.nextIndex() || left || inputEnded) {
      return; // it came before the connection broke, or too late
    }
    figures.submitted++;
    to.item(item);
    if (to.nextIndex() >= Journal.MOST_ITEMS) {
      cancel("a burst has at most " + Journal.MOST_ITEMS + " items");
      endInput();
    }
  }

  /** Runs what was kept, as there is room. */
  private void feed() {
    Journal from = journal;
    if (from == null || feeding || left || figures.endedAt != 0) {
      return;
    }
    feeding = true;
    long keptItems = from.head().itemCount();
    while (nextToRun < keptItems && window.open() && (cancelled != null || !flights.blocked())) {
      StoredItem item = cancelled == null ? stored.poll() : unread(nextToRun);
      if (item == null) {
        break;
      }
      nextToRun = item.index() + 1;
      if (!endedBefore.get((int) item.index())) {
        Fault refused = item.refused();
        if (refused != null) {
          runNot(item.index(), item.line(), refused);
        } else {
          run(item.index(), item.line(), new Payload.Inline(options.contentType(), item.bytes()));
        }
      }
    }
    feeding = false;
  }

  /** Of an item that is cancelled no more than its index is needed. */
  private static StoredItem unread(long index) {
    return new StoredItem(index, 0, new byte[0], null);
  }

  @Override
  public void items(List<Journal.PageOf<StoredItem>> pages, long count, boolean complete) {
    pages.forEach(page -> stored.add(page.page(), page.content()));
    if (peer != null) {
      peer.kept(count, complete);
      peer.roomGrew();
    }
    feed();
  }

  @Override
  public void results(List<Ended> results) {
    results.forEach(delivery::add);
  }

  @Override
  public void allWritten() {
    endIfDone();
  }

  @Override
  public void lost() {
    leave("another node runs the burst");
    platform.whenLost().accept(this);
  }

  private Future<Void> leave(String why) {
    left = true;
    inputEnded = true;
    if (peer != null) {
      peer.sentElsewhere();
      peer = null;
      delivery.leave();
    }
    if (chunker != null) {
      chunker.clear();
    }
    flights.cancel(why);
    flights.abandonAll(why);
    if (stragglers != null) {
      stragglers.stop();
    }
    return journal == null ? Future.succeededFuture() : journal.letGo();
  }

  private void awaitClient() {
    platform
        .dispatcher()
        .context()
        .owner()
        .setTimer(
            CLIENT_AWAY_MILLIS,
            timer ->
                platform
                    .dispatcher()
                    .run(
                        () -> {
                          if (peer == null && !inputEnded) {
                            endInput();
                          }
                        }));
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
    if (journal != null) {
      journal.cancelled(reason);
    }
    if (chunker != null) {
      chunker.clear().forEach(piece -> end(piece, cancelled(piece, reason)));
    }
    flights.cancel(reason);
    stored.clear();
    feed();
    endIfDone();
  }

  /** Its client went away: what is left is cancelled, unless the burst was to go on by itself. */
  void peerGone() {
    if (peer == null || figures.endedAt != 0) {
      return;
    }
    boolean comesBack = journal != null && peer.comesBack();
    peer = null;
    delivery.leave();
    if (!options.detached()) {
      cancel("the client went away");
    }
    if (comesBack && !inputEnded) {
      awaitClient();
    } else {
      endInput();
    }
  }

  /** The peer can take results again. */
  void drained() {
    delivery.drained();
  }

  /** The gateway stops: what is left is cancelled, or goes on elsewhere. */
  Future<Void> shutDown() {
    if (journal != null) {
      return leave("the gateway stops");
    }
    inputEnded = true;
    if (peer != null && peer.sentElsewhere()) {
      peer = null;
      delivery.leave();
    }
    cancel("the gateway stops");
    flights.abandonAll("the gateway stops");
    return Future.succeededFuture();
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
    feed();
    if (peer != null && figures.endedAt == 0) {
      peer.roomGrew();
    }
  }

  private void end(Piece piece, Ended ended) {
    if (left) {
      return;
    }
    if (journal != null
        && ended.outcome() instanceof Outcome.Success(Payload.Blob blob)
        && blob.size() <= BatchStream.LARGEST_RESULT) {
      fetch(ended, found -> tell(piece, found));
    } else {
      tell(piece, ended);
    }
  }

  private void tell(Piece piece, Ended ended) {
    if (left) {
      return;
    }
    figures.count(ended.state(), now());
    window.ended(piece.payload().size());
    window.saw(ended.bytes());
    if (journal == null) {
      delivery.add(ended);
    } else {
      journal.ended(ended);
    }
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
    feed();
    endIfDone();
    if (peer != null && figures.endedAt == 0) {
      peer.roomGrew();
    }
  }

  private void endIfDone() {
    boolean written = journal == null ? inputEnded : journal.head().over();
    if (written && window.items() == 0 && figures.endedAt == 0 && !left) {
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

  /** How many results can be read again. */
  long keptResults() {
    return journal == null ? kept.size() : journal.head().resultCount();
  }

  /** How many results cannot. */
  long droppedResults() {
    return journal == null ? kept.dropped() : 0;
  }

  /** Whether it goes on whatever becomes of its client and this gateway. */
  boolean durable() {
    return journal != null;
  }

  /** The index that the next item has, of a burst that goes on by itself. */
  long nextIndex() {
    return journal == null ? figures.submitted : journal.nextIndex();
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
