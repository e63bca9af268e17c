package dev.fanfare.burst;

import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import io.vertx.core.Future;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Many items of one function: takes them in as far as there is room, has them run, and hands their
 * results out, each index once. Only on the dispatcher's context.
 */
final class Burst implements Execution.Ends, Journal.Written {
  /** How long a client may be away that has not sent all its items. */
  static final long CLIENT_AWAY_MILLIS = 75_000;

  private final String id;
  private final Work work;
  private final BurstOptions options;
  private final Platform platform;
  private final Figures figures;
  private final LargePayloads payloads;
  private final Execution execution;
  private final Kept kept;
  private final Delivery delivery;
  private @Nullable Peer peer;
  private boolean inputEnded;
  private boolean left;

  /** Of a burst that goes on by itself. */
  private final @Nullable Journal journal;

  private final @Nullable Feed feed;

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
    long now = platform.nowMicros();
    this.figures = durable == null ? new Figures(now) : new Figures(durable.head(), now);
    this.payloads = new LargePayloads(platform);
    @Nullable String cancelled = durable == null ? null : durable.head().cancelled().orElse(null);
    this.execution = new Execution(work, options, platform, figures, payloads, cancelled, this);
    this.kept = new Kept(durable == null ? platform.share() : () -> 0);
    this.delivery =
        new Delivery(platform, payloads, kept, options.ordered(), peer, this::delivered);
    this.inputEnded = durable != null && durable.head().complete();
    this.journal =
        durable == null ? null : new Journal(platform, durable.heads(), durable.head(), this);
    this.feed =
        durable == null
            ? null
            : new Feed(
                platform,
                durable.head(),
                durable.endedBefore(),
                options.contentType(),
                execution,
                this::feed);
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

  private void awaitClient() {
    platform.later(
        CLIENT_AWAY_MILLIS,
        () -> {
          if (peer == null && !inputEnded) {
            endInput();
          }
        });
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
    execution.share(prefix);
  }

  /** How many more items may come now. */
  boolean takes() {
    if (journal != null) {
      return journal.takes();
    }
    return execution.takes() && !inputEnded;
  }

  /** One item. */
  void take(long index, long line, Payload.Inline body) {
    if (journal != null) {
      keep(new StoredItem(index, line, body.bytes(), null));
      return;
    }
    figures.submitted++;
    execution.run(index, line, body);
  }

  /** An item that cannot be run. */
  void refuse(long index, long line, Fault fault) {
    if (journal != null) {
      keep(new StoredItem(index, line, new byte[0], fault));
      return;
    }
    figures.submitted++;
    execution.refuse(index, line, fault);
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

  /** Runs what was written down, as there is room. */
  private void feed() {
    if (feed != null && journal != null && !left && !over()) {
      feed.proceed(journal.head().itemCount());
    }
  }

  @Override
  public void items(List<Journal.PageOf<StoredItem>> pages, long count, boolean complete) {
    if (feed != null) {
      pages.forEach(feed::add);
    }
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
    execution.leave(why);
    return journal == null ? Future.succeededFuture() : journal.letGo();
  }

  /** Whether there will be no more items. */
  boolean inputEnded() {
    return inputEnded;
  }

  /** Ends what has not ended; a second time does nothing. */
  void cancel(String reason) {
    if (execution.cancelled() != null || over()) {
      return;
    }
    if (journal != null) {
      journal.cancelled(reason);
    }
    execution.cancel(reason);
    if (feed != null) {
      feed.clear();
    }
    feed();
    endIfDone();
  }

  /** Its client went away: what is left is cancelled, unless the burst was to go on by itself. */
  void peerGone() {
    if (peer == null || over()) {
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
    execution.abandon("the gateway stops");
    return Future.succeededFuture();
  }

  // ---- what comes back ----

  @Override
  public void unblocked() {
    feed();
    tellRoom();
  }

  @Override
  public void ended(Piece piece, Ended ended) {
    if (left) {
      return;
    }
    if (journal != null
        && ended.outcome() instanceof Outcome.Success(Payload.Blob blob)
        && blob.size() <= BatchStream.LARGEST_RESULT) {
      payloads.fetch(ended, found -> tell(piece, found));
    } else {
      tell(piece, ended);
    }
  }

  private void tell(Piece piece, Ended ended) {
    if (left) {
      return;
    }
    figures.count(ended.state(), now());
    Window window = execution.window();
    window.ended(piece.payload().size());
    window.saw(ended.bytes());
    if (journal == null) {
      delivery.add(ended);
    } else {
      journal.ended(ended);
    }
  }

  private void delivered(int count) {
    for (int i = 0; i < count; i++) {
      execution.window().delivered();
    }
    feed();
    endIfDone();
    tellRoom();
  }

  private void tellRoom() {
    if (peer != null && !over()) {
      peer.roomGrew();
    }
  }

  private void endIfDone() {
    boolean written = journal == null ? inputEnded : journal.head().over();
    if (written && execution.window().items() == 0 && !over() && !left) {
      figures.endedAt = now();
      execution.stop();
      platform.whenEnded().accept(this);
      Peer last = peer;
      if (last != null) {
        peer = null;
        last.ended();
        delivery.leave();
      }
    }
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

  Execution execution() {
    return execution;
  }

  boolean over() {
    return figures.endedAt != 0;
  }

  /** Why no connected worker could run the items; empty when one could. */
  Optional<String> whyNot() {
    return platform.dispatcher().whyNot(work.requirements());
  }

  long now() {
    return platform.nowMicros();
  }
}
