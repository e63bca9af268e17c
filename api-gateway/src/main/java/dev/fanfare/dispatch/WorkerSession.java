package dev.fanfare.dispatch;

import dev.fanfare.frame.EventBatch;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.Link;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.StateLabels;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Grant;
import dev.fanfare.shard.WarmKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A worker's session as the dispatcher sees it: its room, the leases it holds, what it has yet to
 * be told. Everything but {@link #view} only on the dispatcher's context.
 */
public final class WorkerSession {
  /** Bound of any count of credits; what a worker says beyond it is not believed. */
  static final int MOST_CREDITS = 100_000;

  /** The most functions that a session can have warm room for. */
  static final int MOST_WARM = 1_000;

  private final Traffic traffic;
  private final SessionId id;
  private volatile WorkerProfile profile;
  private final Link link;
  private final long connectedAt;
  private final Credits credits = new Credits();
  private final HeldLeases held = new HeldLeases();
  private final FormerLeases formerly = new FormerLeases();
  private final Map<Requirements, Boolean> suits = new HashMap<>();
  private final ArrayDeque<Unacknowledged> unacknowledged = new ArrayDeque<>();
  private final long[] attachedUntil;
  private final BitSet introduced = new BitSet();
  private final EventBatch events = new EventBatch();
  private List<Lease> warmLeases = new ArrayList<>();
  private List<Lease> freeLeases = new ArrayList<>();
  private List<Lease> guestLeases = new ArrayList<>();
  private Set<WarmKey> full = Set.of();
  private boolean touched;
  private boolean congested;
  private boolean draining;
  private boolean closed;
  private Frame.@Nullable Status status;

  WorkerSession(
      Traffic traffic,
      SessionId id,
      WorkerProfile profile,
      Link link,
      int shards,
      long connectedAt) {
    this.traffic = traffic;
    this.id = id;
    this.profile = profile;
    this.link = link;
    this.connectedAt = connectedAt;
    this.attachedUntil = new long[shards];
    traffic.states().saw(profile.labels());
  }

  /** The session's id. */
  public SessionId id() {
    return id;
  }

  /** What the worker said of itself. */
  public WorkerProfile profile() {
    return profile;
  }

  /** The worker says that it is something else now; work that does not suit it any more stays. */
  public void described(WorkerProfile now) {
    profile = now;
    traffic.states().saw(now.labels());
    suits.clear();
    Arrays.fill(attachedUntil, 0);
    traffic.roomGrew();
    traffic.tellWorkers();
  }

  /** The worker has more room, or less. */
  public void credit(Frame.Credit credit) {
    if (!draining && !closed) {
      credits.add(credit);
      traffic.roomGrew();
    }
  }

  /** These functions have as many runtimes on the worker as they may have. */
  public void full(Frame.Full told) {
    full = new HashSet<>();
    told.functions().stream()
        .limit(MOST_WARM)
        .forEach(function -> full.add(new WarmKey(function.revision(), function.function())));
    traffic.roomGrew();
  }

  /** Attempts ended; acknowledged once every shard concerned has settled them. */
  public void outcomes(Frame.Outcomes outcomes) {
    var frame = new Unacknowledged(outcomes.sequence());
    unacknowledged.add(frame);
    for (Settlement settlement : outcomes.settlements()) {
      noteState(settlement);
      traffic.conversations().functionEnded(settlement.id());
      traffic.laneOf(settlement.id()).settle(this, settlement, frame);
    }
    touch();
  }

  private void noteState(Settlement settlement) {
    String began = held.state(settlement.id(), settlement.fence());
    if (!began.isEmpty()) {
      traffic.ranIn().note(settlement.id(), began, state());
    }
  }

  /** The declared state that the worker shows; empty if it shows none. */
  private String state() {
    return profile.labels().get(StateLabels.ID).orElse("");
  }

  /** Functions that run here said something in their channels. */
  public void said(Frame.Channels channels) {
    for (Frame.Events said : channels.events()) {
      if (holds(said.id(), said.fence())) {
        traffic.conversations().functionSaid(this, said);
      }
    }
  }

  /** The worker gives leases back that it did not start. */
  public void returned(Frame.Returned returned) {
    traffic.leases().giveBack(this, returned.leases());
  }

  /** The worker finishes what runs and takes no more. */
  public void drain() {
    draining = true;
    credits.clear();
    traffic.tellWorkers();
  }

  /** What the worker says of itself now. */
  public void status(Frame.Status now) {
    status = now;
  }

  /** The link has room again. */
  public void drained() {
    congested = false;
    traffic.conversations().drained(this);
    traffic.roomGrew();
  }

  /**
   * These still run on the worker; those that are nobody else's become this session's, others stop.
   */
  public void adopt(List<Held> leases) {
    traffic.leases().adopt(this, leases);
  }

  /** Whether the session holds this lease. */
  public boolean holds(InvocationId invocation, long fence) {
    return held.contains(invocation, fence);
  }

  /** Whether the session holds this lease, or did until a short while ago. */
  public boolean held(InvocationId invocation, long fence) {
    return holds(invocation, fence) || formerly.contains(invocation, fence);
  }

  /** The session is over; its leases are given back at once. Closing twice does nothing. */
  public void close() {
    if (!closed) {
      closed = true;
      traffic.closed(this);
    }
  }

  /** The session as it stands about now; from any thread. */
  public WorkerView view() {
    Frame.Status said = status;
    return new WorkerView(
        profile,
        id,
        link.peer(),
        Math.max(0, credits.free()),
        held.size(),
        said == null ? 0 : said.runtimes(),
        said == null ? 0 : said.blankRuntimes(),
        said == null ? 0 : said.load(),
        connectedAt,
        draining);
  }

  Credits credits() {
    return credits;
  }

  boolean isClosed() {
    return closed;
  }

  boolean isDraining() {
    return draining;
  }

  /** Whether it has room for work. */
  boolean open() {
    return credits.any() && mayBeSent();
  }

  /** Whether it has room for work, and be it for guests. */
  boolean mayTakeSome() {
    return (credits.any() || credits.guests() > 0) && mayBeSent();
  }

  private boolean mayBeSent() {
    return !closed && !draining && !congested;
  }

  /** The functions of the leases that it holds. */
  List<WarmKey> atHome() {
    return held.functions();
  }

  /** The functions that get nothing but warm room. */
  List<WarmKey> full() {
    return full.isEmpty() ? List.of() : List.copyOf(full);
  }

  boolean isFull(WarmKey function) {
    return full.contains(function);
  }

  boolean isAtHome(WarmKey function) {
    return held.hasSome(function);
  }

  boolean meets(Requirements requirements) {
    if (suits.size() > MOST_WARM) {
      suits.clear();
    }
    return suits.computeIfAbsent(requirements, r -> r.metBy(profile));
  }

  boolean meetsAny(List<Requirements> classes) {
    for (Requirements requirements : classes) {
      if (meets(requirements)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the shard still knows the session at this moment (nanoseconds). */
  boolean attached(int shard, long now) {
    return attachedUntil[shard] != 0 && attachedUntil[shard] - now > 0;
  }

  /** The shard is told of the session. */
  void introduced(int shard) {
    introduced.set(shard);
  }

  /** Whether the shard may have heard of the session. */
  boolean wasIntroduced(int shard) {
    return introduced.get(shard);
  }

  void attachedUntil(int shard, long nanos) {
    attachedUntil[shard] = nanos;
  }

  HeldLeases held() {
    return held;
  }

  /** A lease of a batch's offers; goes out when the tick ends. */
  void granted(Grant grant) {
    credits.spend(grant);
    Lease lease = grant.lease();
    held.add(lease, state());
    switch (grant.uses()) {
      case WARM -> warmLeases.add(lease);
      case FREE -> freeLeases.add(lease);
      case GUEST -> guestLeases.add(lease);
    }
    touch();
  }

  /** A shard answered these settlements. */
  void settled(List<Settlement> settlements) {
    for (Settlement settlement : settlements) {
      if (held.remove(settlement.id(), settlement.fence())) {
        formerly.add(settlement.id(), settlement.fence());
      }
    }
    touch();
  }

  /** The client's side of an invocation's channels said something; goes when the tick ends. */
  void say(Frame.Events said) {
    events.add(said);
    touch();
  }

  /** Whether what is sent does not leave as fast as it comes. */
  boolean congested() {
    return link.congested();
  }

  /** Leases were taken from the session. */
  void revoke(List<Held> revoked, String reason) {
    for (Held lease : revoked) {
      held.remove(lease.id(), lease.fence());
    }
    flush();
    link.send(new Frame.Revoke(revoked, reason));
  }

  /** Sends what the tick brought. */
  void flush() {
    touched = false;
    sendLeases();
    events.flush(link::send);
    acknowledge();
    congested = link.congested();
  }

  private void sendLeases() {
    int warm = warmLeases.size();
    int guests = guestLeases.size();
    if (warm + guests == 0 && freeLeases.isEmpty()) {
      return;
    }
    List<Lease> leases = warm == 0 ? freeLeases : warmLeases;
    if (warm > 0) {
      leases.addAll(freeLeases);
      warmLeases = new ArrayList<>();
    }
    freeLeases = new ArrayList<>();
    if (guests > 0) {
      leases.addAll(guestLeases);
      guestLeases = new ArrayList<>();
    }
    link.send(new Frame.Leases(leases, warm, guests));
  }

  private void acknowledge() {
    Unacknowledged last = null;
    var stale = new ArrayList<Held>();
    while (!unacknowledged.isEmpty() && unacknowledged.getFirst().done()) {
      last = unacknowledged.removeFirst();
      stale.addAll(last.stale);
    }
    if (last != null) {
      link.send(new Frame.Acknowledged(last.sequence, stale));
    }
  }

  private void touch() {
    if (!touched && !closed) {
      touched = true;
      traffic.touched(this);
    }
  }
}
