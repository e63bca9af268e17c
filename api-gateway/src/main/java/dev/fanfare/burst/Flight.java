package dev.fanfare.burst;

import dev.fanfare.dispatch.Waiter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.shard.Reply.Admission;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One invocation of a burst: an item, or several that share it. */
final class Flight implements Waiter {
  private final Flights flights;
  final List<Piece> pieces;
  final Payload payload;
  InvocationId id;
  boolean admitted;
  int tries;

  /** The same items on another worker, while both are on their way. */
  @Nullable Flight twin;

  /** The other one is on this worker; null for the first of the two. */
  @Nullable WorkerId elsewhereThan;

  /** Its items have ended with its twin. */
  boolean settled;

  /** It is none of {@link Flights} any more. */
  boolean gone;

  /** Links of {@link Flights}. */
  @Nullable Flight before;

  @Nullable Flight after;

  Flight(Flights flights, List<Piece> pieces, Payload payload, InvocationId id) {
    this.flights = flights;
    this.pieces = pieces;
    this.payload = payload;
    this.id = id;
  }

  @Override
  public void admitted(Admission admission) {
    switch (admission) {
      case ACCEPTED, DUPLICATE -> {
        admitted = true;
        flights.admitted(this);
      }
      case FULL -> flights.refused(this);
    }
  }

  @Override
  public void uncertain(String why) {
    flights.uncertain(this, why);
  }

  @Override
  public void ended(InvocationRecord invocation) {
    flights.ended(this, invocation);
  }
}
