package dev.fanfare.client;

import dev.fanfare.wire.MessageKind;
import dev.fanfare.wire.MessageWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A burst of this program's own. A thread takes items from their source and sends them while there
 * is room; results come into a {@link Transit}. When the gateway is lost, the thread begins the
 * burst again at the next one that answers, or at the same once it is back, and sends again the
 * items whose results are lacking: they may run twice, and end once. Thread-safe.
 */
final class SocketFeed implements BurstFeed {
  /** How long no gateway may answer before the burst is given up. */
  static final Duration LONGEST_AWAY = Duration.ofSeconds(60);

  /** How often in a row a gateway may be lost without a single result in between. */
  private static final int MOST_LOSSES = 20;

  private static final int TOO_MANY = 429;
  private static final String COMPLETE = "burst-complete";
  private static final int SERVER_ERROR = 500;

  private final Connection connection;
  private final Items<?> items;
  private final String path;
  private final CallOptions call;
  private final Transit transit;
  private final boolean awaited;
  private volatile BurstLink link;
  private volatile @Nullable String cancelled;
  private long nextIndex;

  private SocketFeed(
      Connection connection, Items<?> items, BurstOptions options, String query, boolean awaited) {
    this.connection = connection;
    this.items = items;
    this.path = "/v1/burst-session?" + query;
    this.call = options.call();
    this.awaited = awaited;
    this.transit = new Transit(options.mostInFlight(), items.total());
    this.link = BurstLink.open(connection, path, call, transit);
  }

  /**
   * Begins a burst and starts to send.
   *
   * @param query of {@code /v1/burst-session}, without the question mark
   * @param awaited whether {@link #awaitKept} will be called
   * @throws Refused if the platform does not take it
   * @throws Unreachable if it does not answer
   */
  static SocketFeed start(
      Connection connection, Items<?> items, BurstOptions options, String query, boolean awaited) {
    var feed = new SocketFeed(connection, items, options, query, awaited);
    var carrier = new Thread(feed::carry, "fanfare-burst-" + feed.id());
    carrier.setDaemon(true);
    connection.closesWith(feed);
    carrier.start();
    return feed;
  }

  // ---- the burst's own thread ----

  private void carry() {
    try {
      sendOver(link);
      while (!done() && cancelled == null) {
        reconnect();
        sendOver(link);
      }
      if (cancelled != null) {
        transit.cancelled(cancelled);
      }
    } catch (InterruptedException e) {
      cancel("the thread that sends was interrupted");
    } catch (RuntimeException | Error e) {
      // What the source threw, or that no gateway answers, is thrown to whoever takes results.
      transit.fail(e);
      tellCancel("the items' source failed");
    }
  }

  private boolean done() {
    return awaited ? transit.allKept() : transit.over();
  }

  /** Sends all that is to be sent; returns when all results are here or the link is lost. */
  private void sendOver(BurstLink to) throws InterruptedException {
    if (items.prefix() != null) {
      to.send(new MessageWriter().begin(MessageKind.PREFIX).rest(items.prefix()));
    }
    for (Map.Entry<Long, byte[]> lacking : transit.lacking().entrySet()) {
      to.item(lacking.getKey(), lacking.getValue());
    }
    if (!transit.departed()) {
      sendItems(items, to);
    }
    if (transit.departed()) {
      to.send(new MessageWriter().begin(MessageKind.END).number(nextIndex));
    }
    if (awaited) {
      transit.awaitKept(to);
    } else {
      transit.awaitEnd(to);
    }
  }

  private <T extends @Nullable Object> void sendItems(Items<T> from, BurstLink to)
      throws InterruptedException {
    var source = from.source();
    while (transit.awaitRoom(to)) {
      if (!source.hasNext()) {
        transit.allDeparted();
        return;
      }
      long index = nextIndex++;
      byte[] bytes = written(from, index, source.next());
      if (bytes != null && transit.depart(index, bytes)) {
        to.item(index, bytes);
      }
    }
    if (!to.lost()) {
      transit.allDeparted();
    }
  }

  /** The item's bytes; null if it has none, which then is its failure. */
  private <T extends @Nullable Object> byte @Nullable [] written(
      Items<T> from, long index, T item) {
    try {
      return from.writing().apply(item);
    } catch (RuntimeException e) {
      if (awaited) {
        throw e;
      }
      if (transit.depart(index, new byte[0])) {
        transit.arrived(List.of(FailedItem.unsent(index, e)));
      }
      return null;
    }
  }

  private void reconnect() {
    if (transit.breaks() > MOST_LOSSES) {
      throw link.broken();
    }
    long end = System.nanoTime() + LONGEST_AWAY.toNanos();
    var pauses = new Pauses();
    connection.leave(link.gateway());
    String there = awaited ? path + "&burst=" + link.id() : path;
    while (cancelled == null && !done()) {
      try {
        link = BurstLink.open(connection, there, call, transit);
        if (transit.over()) {
          link.close();
        }
        return;
      } catch (Unreachable e) {
        pause(pauses, end, e);
      } catch (Refused e) {
        if (e.code().equals(COMPLETE)) {
          transit.kept(Long.MAX_VALUE, true);
          return;
        }
        if (e.status() < SERVER_ERROR && e.status() != TOO_MANY) {
          throw e;
        }
        if (awaited) {
          connection.leave(connection.gateway()); // another one runs the burst
        }
        pause(pauses, end, e);
      }
    }
  }

  private static void pause(Pauses pauses, long end, RuntimeException why) {
    long left = end - System.nanoTime();
    if (left <= 0) {
      throw why;
    }
    pauses.pause(left);
  }

  /**
   * Waits until the platform has written down every item, through the loss of gateways too. An item
   * that cannot be written is thrown.
   */
  void awaitKept() {
    transit.awaitAllKept();
    connection.forget(this);
    link.closeWhenSent();
  }

  // ---- BurstFeed ----

  @Override
  public String id() {
    return link.id();
  }

  @Override
  public @Nullable List<RawResult> take(@Nullable Duration longest) {
    List<RawResult> taken = transit.take(longest);
    if (transit.wantsMore()) {
      link.request();
    }
    if (taken != null && taken.isEmpty()) {
      connection.forget(this);
    }
    return taken;
  }

  @Override
  public long total() {
    return transit.total();
  }

  @Override
  public long dropped() {
    return 0;
  }

  @Override
  public void cancel(String reason) {
    if (!transit.over()) {
      tellCancel(reason);
    }
  }

  private void tellCancel(String reason) {
    if (cancelled == null) {
      cancelled = reason;
      transit.stopSending();
      link.send(new MessageWriter().begin(MessageKind.CANCEL).rest(reason));
    }
  }

  @Override
  public void close() {
    connection.forget(this);
    cancel("the client went away");
    transit.fail(Interrupted.closed(new IOException("burst " + id() + " was closed")));
    link.close();
  }
}
