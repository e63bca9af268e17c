package dev.fanfare.burst;

import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.shipping.Chunk;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/**
 * Items that wait to share invocations. A bounded number of invocations is under way, so that the
 * size of the next ones goes by what the former took. Only on the dispatcher's context.
 */
final class Chunker {
  /** The longest prefix, in bytes. */
  static final int MOST_PREFIX = 24 * 1024;

  private static final String BYTES = "application/octet-stream";
  private static final int LEAST_UNDER_WAY = 32;

  /** Items that go alone for being slow: enough for the workers of all gateways. */
  private static final int LEAST_UNDER_WAY_SLOW = 1_000;

  private static final int UNDER_WAY_PER_SLOT = 4;
  private static final int FIRST_UNDER_WAY = 4;
  private static final int REQUEST_BYTES_PER_ITEM = 4;

  private final byte[] prefix;
  private final ChunkPlan plan;
  private final Flights flights;
  private final IntSupplier slots;
  private final Launch launch;
  private final ArrayDeque<Piece> waiting = new ArrayDeque<>();
  private final ArrayDeque<Piece> alone = new ArrayDeque<>();
  private boolean soon;

  /** Starts an invocation. */
  interface Launch {
    void launch(List<Piece> pieces, Payload.Inline body);
  }

  Chunker(byte[] prefix, int fixed, Flights flights, IntSupplier slots, Launch launch) {
    this.prefix = prefix;
    this.plan = new ChunkPlan(fixed);
    this.flights = flights;
    this.slots = slots;
    this.launch = launch;
  }

  void add(Piece piece) {
    waiting.add(piece);
    sendSoon();
  }

  /** An item that must not share an invocation again. */
  void addAlone(Piece piece) {
    alone.add(piece);
    sendSoon();
  }

  /** An invocation of so many items ended. */
  void ran(int items, InvocationRecord invocation) {
    // The first in a runtime loads classes: it says nothing of the others.
    if (invocation.startedAt() != 0 && invocation.usage().coldMicros() == 0) {
      boolean success = invocation.outcome().orElse(null) instanceof Outcome.Success;
      plan.ran(items, invocation.usage().runMicros(), success ? invocation.usage().bytesOut() : 0);
    }
    sendSoon();
  }

  /** There may be room for more invocations. */
  void unblocked() {
    sendSoon();
  }

  /** Takes out all that waits. */
  List<Piece> clear() {
    var all = new ArrayList<>(waiting);
    all.addAll(alone);
    waiting.clear();
    alone.clear();
    return all;
  }

  int size() {
    return plan.size();
  }

  private void sendSoon() {
    if (!soon) {
      soon = true;
      flights.soon(this::send);
    }
  }

  private void send() {
    soon = false;
    int slotsNow = Math.max(1, slots.getAsInt());
    while (!alone.isEmpty() && room(slotsNow)) {
      launch(List.of(alone.removeFirst()));
    }
    while (!waiting.isEmpty() && room(slotsNow)) {
      launch(next(plan.next(waiting.size(), slotsNow)));
    }
  }

  private boolean room(int slotsNow) {
    if (flights.blocked()) {
      return false;
    }
    if (plan.unknown()) {
      return flights.count() < Math.max(FIRST_UNDER_WAY, slotsNow * 2);
    }
    int least = plan.slow() ? LEAST_UNDER_WAY_SLOW : LEAST_UNDER_WAY;
    return flights.count() < Math.max(least, slotsNow * UNDER_WAY_PER_SLOT);
  }

  private List<Piece> next(int most) {
    var pieces = new ArrayList<Piece>(most);
    long bytes = Chunk.BYTES_PER_REQUEST + (long) prefix.length;
    while (pieces.size() < most && !waiting.isEmpty()) {
      bytes += REQUEST_BYTES_PER_ITEM + waiting.getFirst().payload().size();
      if (!pieces.isEmpty() && bytes > Flights.CHUNK_BYTES) {
        break;
      }
      pieces.add(waiting.removeFirst());
    }
    return pieces;
  }

  private void launch(List<Piece> pieces) {
    var items = new ArrayList<byte[]>(pieces.size());
    for (Piece piece : pieces) {
      items.add(((Payload.Inline) piece.payload()).bytes());
    }
    launch.launch(pieces, new Payload.Inline(BYTES, Chunk.request(prefix, items)));
  }
}
