package dev.fanfare.worker;

import dev.fanfare.frame.Frame;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the gateway how much more the worker takes: more room at once, less room a little later,
 * unless it has come back by then. Only on the agent's context.
 */
final class Offering {
  private static final long LATER_MILLIS = 2;

  private final Vertx vertx;
  private final GatewaySession session;
  private final CreditBook credits;
  private final Intake intake;
  private final Slots slots;
  private final Reports reports;
  private boolean reconciling;
  private boolean stopped;

  Offering(
      Vertx vertx,
      GatewaySession session,
      CreditBook credits,
      Intake intake,
      Slots slots,
      Reports reports) {
    this.vertx = vertx;
    this.session = session;
    this.credits = credits;
    this.intake = intake;
    this.slots = slots;
    this.reports = reports;
  }

  /** From now on there is no room. */
  void stop() {
    stopped = true;
  }

  /** Tells what changed; while a session is open, at the end of every tick. */
  void tell() {
    Room room = room();
    Frame.Full full = credits.full(room);
    if (full != null) {
      session.send(full);
    }
    Frame.Credit credit = credits.urgent(room);
    if (credit != null) {
      session.send(credit);
    }
    if (!reconciling && credits.differs(room)) {
      reconciling = true;
      vertx.setTimer(LATER_MILLIS, timer -> reconcile());
    }
  }

  private void reconcile() {
    reconciling = false;
    if (session.isOpen()) {
      Frame.Credit credit = credits.all(room());
      if (credit != null) {
        session.send(credit);
      }
    }
  }

  private Room room() {
    if (stopped || reports.unacknowledged() > Reports.MOST_UNACKNOWLEDGED) {
      return Room.NONE;
    }
    int free = Math.max(0, slots.free() - intake.preparing());
    Map<FunctionKey, Room.Warm> warm = new HashMap<>();
    for (FunctionRuntimes function : slots.hosts().functions()) {
      int count = function.warmRoom(free);
      if (count > 0) {
        warm.put(function.key, new Room.Warm(count, function.outstanding() > 1));
      }
    }
    return new Room(free, warm, Math.max(0, slots.guestRoom()), slots.hosts().full());
  }
}
