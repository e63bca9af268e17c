package dev.fanfare.burst;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.shard.Submission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The invocations of a burst that have not ended. What a full queue refuses is submitted again
 * after a pause. What a silent shard may or may not have kept is looked for first, since it may
 * have ended meanwhile, and then submitted under the same id, with fences above those before: it is
 * run at least once and told once. Only on the dispatcher's context.
 */
final class Flights {
  /** About the most bytes of a request that several items share; it travels inside. */
  static final int CHUNK_BYTES = Payload.INLINE_LIMIT - 4 * 1024;

  private static final long FIRST_PAUSE_MILLIS = 2;
  private static final long LONGEST_PAUSE_MILLIS = 250;
  private static final long UNCERTAIN_PAUSE_MILLIS = 500;
  private static final int MOST_TRIES = 20;

  /** No try has more leases than this power of two. */
  private static final int FENCES_OF_A_TRY = 16;

  private final Dispatcher dispatcher;
  private final Work work;
  private final Landing landing;
  private final ArrayDeque<Flight> grounded = new ArrayDeque<>();
  private List<InvocationId> toCancel = new ArrayList<>();
  private @Nullable Flight newest;
  private int count;
  private long pause;
  private @Nullable String cancelled;

  /** Hears of each invocation's end, once. */
  interface Landing {
    void ended(Flight flight, InvocationRecord invocation);

    /** The burst was cancelled before it was submitted, or nobody knows what became of it. */
    void abandoned(Flight flight, @Nullable String cancelled, String why);

    /** The queue was full; now it may have room again. */
    void unblocked();
  }

  Flights(Dispatcher dispatcher, Work work, Landing landing) {
    this.dispatcher = dispatcher;
    this.work = work;
    this.landing = landing;
  }

  void launch(List<Piece> pieces, Payload payload) {
    var flight = new Flight(this, pieces, payload, dispatcher.newId());
    link(flight);
    submit(flight);
  }

  /** Runs the same items a second time, on another worker; the first result counts. */
  void launchTwin(Flight slow, WorkerId on) {
    var twin = new Flight(this, slow.pieces, slow.payload, dispatcher.newId());
    twin.elsewhereThan = on;
    twin.twin = slow;
    slow.twin = twin;
    link(twin);
    submit(twin);
  }

  int count() {
    return count;
  }

  /** At most so many of them, the oldest not first. */
  List<Flight> some(int most) {
    var some = new ArrayList<Flight>();
    for (Flight flight = newest; flight != null && some.size() < most; flight = flight.before) {
      some.add(flight);
    }
    return some;
  }

  /** Runs it once all that this turn of the event loop brings is there. */
  void soon(Runnable task) {
    dispatcher.context().runOnContext(tick -> task.run());
  }

  /** Whether some wait because the queue was full: no more should come meanwhile. */
  boolean blocked() {
    return !grounded.isEmpty();
  }

  /** How many items a worker has at present. */
  int running() {
    var ids = new ArrayList<InvocationId>(count);
    int pieces = 0;
    for (Flight flight = newest; flight != null; flight = flight.before) {
      ids.add(flight.id);
      pieces += flight.pieces.size();
    }
    int running = dispatcher.running(ids);
    return count == 0 ? 0 : (int) ((long) running * pieces / count);
  }

  /** Ends them all, and every one that comes later. */
  void cancel(String reason) {
    cancelled = reason;
    var ids = new ArrayList<InvocationId>(count);
    while (!grounded.isEmpty()) {
      Flight flight = grounded.removeFirst();
      if (flight.tries > 0) {
        ids.add(flight.id);
      }
      abandon(flight, reason);
    }
    for (Flight flight = newest; flight != null; flight = flight.before) {
      if (flight.admitted) {
        ids.add(flight.id);
      }
    }
    dispatcher.cancel(ids, reason);
  }

  /** The gateway stops: nothing more is heard of any. */
  void abandonAll(String why) {
    cancelled = why;
    grounded.clear();
    while (newest != null) {
      Flight flight = newest;
      dispatcher.leave(flight.id);
      abandon(flight, why);
    }
  }

  void admitted(Flight flight) {
    pause = 0;
    if (cancelled != null || flight.settled) {
      if (toCancel.isEmpty()) {
        dispatcher.context().runOnContext(soon -> cancelLate());
      }
      toCancel.add(flight.id);
    }
  }

  /** The queue is full. */
  void refused(Flight flight) {
    if (flight.settled) {
      unlink(flight);
      return;
    }
    if (cancelled != null) {
      abandon(flight, cancelled);
      return;
    }
    pause = Math.clamp(pause * 2, FIRST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS);
    ground(flight, pause);
  }

  void uncertain(Flight flight, String why) {
    if (flight.settled) {
      unlink(flight);
    } else if (cancelled != null) {
      abandon(flight, cancelled);
    } else if (++flight.tries >= MOST_TRIES) {
      unlink(flight);
      if (!leftToTwin(flight)) {
        landing.abandoned(flight, null, why);
      }
    } else {
      flight.admitted = false;
      ground(flight, UNCERTAIN_PAUSE_MILLIS);
    }
  }

  void ended(Flight flight, InvocationRecord invocation) {
    unlink(flight);
    Flight twin = flight.twin;
    boolean success = invocation.outcome().orElse(null) instanceof Outcome.Success;
    if (flight.settled || (!success && leftToTwin(flight))) {
      return;
    }
    if (twin != null) {
      twin.twin = null;
      twin.settled = true;
      if (twin.admitted) {
        dispatcher.cancel(List.of(twin.id), "its items ended on another worker");
      }
    }
    landing.ended(flight, invocation);
  }

  /** Whether the items are still on their way with another worker; then that decides. */
  private static boolean leftToTwin(Flight flight) {
    Flight twin = flight.twin;
    if (twin == null) {
      return false;
    }
    flight.twin = null;
    twin.twin = null;
    return true;
  }

  private void cancelLate() {
    List<InvocationId> late = toCancel;
    toCancel = new ArrayList<>();
    dispatcher.cancel(late, cancelled == null ? "its items ended on another worker" : cancelled);
  }

  private void ground(Flight flight, long millis) {
    if (grounded.isEmpty()) {
      dispatcher.context().owner().setTimer(millis, timer -> dispatcher.run(this::submitGrounded));
    }
    grounded.add(flight);
  }

  private void submitGrounded() {
    List<Flight> again = new ArrayList<>(grounded);
    grounded.clear();
    for (Flight flight : again) {
      if (flight.settled) {
        unlink(flight);
        continue;
      }
      if (flight.tries == 0) {
        flight.id = dispatcher.newId();
        submit(flight);
      } else {
        TenantId tenant = submission(flight).target().tenant();
        dispatcher
            .find(tenant, flight.id)
            .otherwise(Optional.empty())
            .onSuccess(found -> looked(flight, found));
      }
    }
    landing.unblocked();
  }

  /** What became of one whose shard did not answer, if that is known. */
  private void looked(Flight flight, Optional<InvocationRecord> found) {
    Optional<InvocationRecord> ended = found.filter(one -> one.state().terminal());
    if (flight.gone) {
      return;
    }
    if (flight.settled) {
      unlink(flight);
    } else if (ended.isPresent()) {
      ended(flight, ended.get());
    } else if (cancelled != null) {
      dispatcher.cancel(List.of(flight.id), cancelled);
      abandon(flight, cancelled);
    } else {
      submit(flight);
    }
  }

  private void submit(Flight flight) {
    dispatcher.submit(submission(flight), flight);
  }

  private Submission submission(Flight flight) {
    WorkerId other = flight.elsewhereThan;
    Submission plain = work.submissions().of(flight.id, flight.payload);
    Submission first = other == null ? plain : Stragglers.elsewhere(plain, other);
    return flight.tries == 0 ? first : first.above((long) flight.tries << FENCES_OF_A_TRY);
  }

  private void abandon(Flight flight, String reason) {
    unlink(flight);
    if (!flight.settled && !leftToTwin(flight)) {
      landing.abandoned(flight, reason, reason);
    }
  }

  private void link(Flight flight) {
    flight.before = newest;
    if (newest != null) {
      newest.after = flight;
    }
    newest = flight;
    count++;
  }

  private void unlink(Flight flight) {
    flight.gone = true;
    Flight before = flight.before;
    Flight after = flight.after;
    if (before != null) {
      before.after = after;
    }
    if (after != null) {
      after.before = before;
    } else {
      newest = before;
    }
    count--;
  }
}
