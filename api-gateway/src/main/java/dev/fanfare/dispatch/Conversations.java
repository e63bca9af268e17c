package dev.fanfare.dispatch;

import dev.fanfare.cluster.Mail;
import dev.fanfare.frame.Frame.Events;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.shard.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides of invocations' channels say to each other, passed on: between clients of this
 * gateway and workers' sessions, here or at another gateway. The first words of a function whose
 * client is not here go to all other gateways; the one that has the client answers, and from then
 * on all goes there alone. Only on the dispatcher's context.
 */
final class Conversations {
  /** How long what another gateway has yet to send is waited for once an invocation has ended. */
  static final long LAST_WORDS_MILLIS = 2_000;

  /** How long a function's client may be looked for among the other gateways. */
  private static final long SEEK_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final byte[] NOTHING = {};

  private final Traffic traffic;
  private final Mail mail;
  private final Map<InvocationId, Here> clients = new HashMap<>();
  private final Map<InvocationId, Guest> guests = new HashMap<>();
  private final Map<NodeId, List<Letter.Part>> leaving = new HashMap<>();

  /** A client of this gateway, and where its function turned out to run. */
  private static final class Here {
    final ChannelClient client;
    final List<byte[]> early = new ArrayList<>();
    @Nullable Held lease;
    @Nullable WorkerSession session;
    @Nullable NodeId node;
    boolean last;
    @Nullable Runnable afterLast;

    Here(ChannelClient client) {
      this.client = client;
    }
  }

  /** A function that runs here whose client is at another gateway; null until that is found. */
  private static final class Guest {
    final WorkerSession session;
    final Held lease;
    final long since = System.nanoTime();
    @Nullable NodeId node;

    Guest(WorkerSession session, Held lease) {
      this.session = session;
      this.lease = lease;
    }
  }

  Conversations(Traffic traffic, Mail mail) {
    this.traffic = traffic;
    this.mail = mail;
  }

  // ---- clients of this gateway ----

  void open(InvocationId id, ChannelClient client) {
    clients.put(id, new Here(client));
  }

  /** The client says something; false if it should wait before it says more. */
  boolean clientSaid(InvocationId id, byte[] events) {
    Here here = clients.get(id);
    if (here == null) {
      return true;
    }
    if (here.lease == null) {
      here.early.add(events);
      return false;
    }
    return pass(here, here.lease, events);
  }

  /** Nothing more is said to the client. */
  void close(InvocationId id) {
    clients.remove(id);
  }

  /** Once all that the function said has been passed on, as far as it can be known. */
  void afterLastWords(InvocationId id, Runnable then) {
    Here here = clients.get(id);
    if (here == null || here.node == null || here.last || !mail.others().contains(here.node)) {
      then.run();
      return;
    }
    here.afterLast = then;
    traffic.later(LAST_WORDS_MILLIS, () -> heardLast(here));
  }

  private boolean pass(Here here, Held lease, byte[] events) {
    if (here.session != null) {
      here.session.say(new Events(lease.id(), lease.fence(), events));
      return !here.session.congested();
    }
    if (here.node != null) {
      post(here.node, new Letter.Part(lease, false, false, events));
    }
    return true;
  }

  private static void heardLast(Here here) {
    here.last = true;
    Runnable then = here.afterLast;
    here.afterLast = null;
    if (then != null) {
      then.run();
    }
  }

  // ---- functions of this gateway's workers ----

  void functionSaid(WorkerSession session, Events said) {
    var lease = new Held(said.id(), said.fence());
    Here here = clients.get(said.id());
    if (here == null) {
      toOthers(session, lease, said.bytes());
    } else if (begun(here, lease, session, null)) {
      here.client.said(said.bytes());
    }
  }

  /** The session settles the invocation; nothing more is said in it. */
  void functionEnded(InvocationId id) {
    Guest guest = guests.isEmpty() ? null : guests.remove(id);
    if (guest != null) {
      sayLast(guest);
    }
  }

  /** What is sent to the session leaves again. */
  void drained(WorkerSession session) {
    for (Here here : clients.values()) {
      if (here.session == session) {
        here.client.drained();
      }
    }
  }

  /** The session is over, and whatever it ran talks no more. */
  void closed(WorkerSession session) {
    for (Iterator<Guest> all = guests.values().iterator(); all.hasNext(); ) {
      Guest guest = all.next();
      if (guest.session == session) {
        all.remove();
        sayLast(guest);
      }
    }
  }

  /** Whether the words are those of the attempt that the client talks with. */
  private boolean begun(
      Here here, Held lease, @Nullable WorkerSession session, @Nullable NodeId node) {
    if (here.lease == null) {
      here.lease = lease;
      here.session = session;
      here.node = node;
      here.client.began();
      here.early.forEach(events -> pass(here, lease, events));
      here.early.clear();
    } else if (lease.fence() > here.lease.fence()) {
      clients.remove(lease.id());
      here.client.lost("the worker was lost, and the function has begun anew without this client");
      return false;
    }
    return lease.equals(here.lease);
  }

  private void toOthers(WorkerSession session, Held lease, byte[] events) {
    Guest guest = guests.get(lease.id());
    if (guest == null || guest.lease.fence() < lease.fence()) {
      guest = new Guest(session, lease);
      guests.put(lease.id(), guest);
    }
    if (guest.lease.equals(lease)) {
      say(guest, new Letter.Part(lease, true, false, events));
    }
  }

  private void sayLast(Guest guest) {
    say(guest, new Letter.Part(guest.lease, true, true, NOTHING));
  }

  private void say(Guest guest, Letter.Part part) {
    if (guest.node != null) {
      post(guest.node, part);
    } else {
      mail.others().forEach(node -> post(node, part));
    }
  }

  // ---- between gateways ----

  private void post(NodeId node, Letter.Part part) {
    leaving.computeIfAbsent(node, n -> new ArrayList<>()).add(part);
    traffic.endTickSoon();
  }

  /** Sends what the tick brought for other gateways. */
  void flush() {
    if (!leaving.isEmpty()) {
      leaving.forEach((node, parts) -> mail.send(node, new Letter.Said(parts).bytes()));
      leaving.clear();
    }
  }

  /** Another gateway passes words on. */
  void received(NodeId from, Letter.Part part) {
    if (part.toClient()) {
      Here here = clients.get(part.lease().id());
      if (here != null) {
        toClient(here, from, part);
      }
    } else {
      Guest guest = guests.get(part.lease().id());
      if (guest != null && guest.lease.equals(part.lease())) {
        guest.node = from;
        if (part.events().length > 0) {
          guest.session.say(new Events(part.lease().id(), part.lease().fence(), part.events()));
        }
      }
    }
  }

  private void toClient(Here here, NodeId from, Letter.Part part) {
    if (here.lease == null) {
      post(from, new Letter.Part(part.lease(), false, false, NOTHING)); // it is here
    }
    if (begun(here, part.lease(), null, from)) {
      if (part.events().length > 0) {
        here.client.said(part.events());
      }
      if (part.last()) {
        heardLast(here);
      }
    }
  }

  /** Functions whose clients' gateway is gone, or that nobody has, are cancelled. */
  void look() {
    long now = System.nanoTime();
    var reachable = mail.others();
    for (Iterator<Guest> all = guests.values().iterator(); all.hasNext(); ) {
      Guest guest = all.next();
      boolean gone =
          guest.node == null ? now - guest.since > SEEK_NANOS : !reachable.contains(guest.node);
      if (gone) {
        all.remove();
        InvocationId id = guest.lease.id();
        String why = "the gateway of its client is gone";
        traffic.laneOf(id).add(Asking.untilDone(new Transition.Cancel(List.of(id), why)));
      }
    }
  }
}
