package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.shard.Pauses.PausedFunction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Does to a shard, at random by a seed, all that gateways and workers may do, in any order:
 * submissions and doubles of them, offers, settlements that are right, late, repeated or forged,
 * sessions that break and come back, cancellations, pauses, and time that stands, passes, jumps and
 * steps back. After each operation {@link Witness} says whether every promise was kept; at last all
 * must come to an end.
 */
final class Simulation {
  private static final FailureCode[] CODES = FailureCode.values();
  private static final String[] LABELS = {"", "gpu", "zone=a", "zone=b", "gpu"};

  private final Random random;
  private final Machine machine;
  private final Witness witness;
  private final List<Work> works = new ArrayList<>();
  private final List<SessionId> sessions = new ArrayList<>();
  private final List<Grant> granted = new ArrayList<>();
  private long now = Desk.START;
  private int submitted;
  private int attached;

  /** What is under test: a shard, two that must agree, or one with a fault planted. */
  interface Machine {
    ShardReply apply(ShardBatch batch, long now);
  }

  Simulation(long seed, Machine machine, ShardLimits limits) {
    this.random = new Random(seed);
    this.machine = machine;
    this.witness = new Witness(limits);
  }

  void run(int steps) {
    for (int i = 0; i < steps; i++) {
      step();
    }
    finish();
  }

  private void step() {
    var transitions = new ArrayList<Transition>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      transitions.add(transition());
    }
    var offers = new ArrayList<Offer>();
    for (int i = random.nextInt(3); i > 0; i--) {
      offers.add(offer());
    }
    passTime();
    apply(transitions, offers);
    if (chance(10)) {
      apply(List.of(forget()), List.of());
    }
  }

  private void apply(List<Transition> transitions, List<Offer> offers) {
    var batch = new ShardBatch(transitions, offers);
    ShardReply reply = machine.apply(batch, now);
    witness.saw(batch, reply, now);
    granted.addAll(reply.grants());
    while (granted.size() > 60) {
      granted.remove(random.nextInt(granted.size()));
    }
    var ids = new ArrayList<>(witness.ids());
    var look =
        List.of(new Transition.Find(ids), new Transition.Scan(1_000_000), new Transition.Count());
    witness.looked(machine.apply(new ShardBatch(List.copyOf(look), List.of()), now), now);
  }

  private Transition transition() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> submit();
      case 4, 5, 6, 7, 8 -> settle();
      case 9 -> giveBack();
      case 10, 11 -> attach();
      case 12 -> new Transition.Detach(session());
      case 13, 14 -> adopt();
      case 15 -> new Transition.Renew(sessions.stream().filter(s -> chance(80)).toList());
      case 16 -> new Transition.Cancel(someIds(3), "at random");
      case 17 -> new Transition.Count();
      case 18 -> pause();
      default -> new Transition.Tick();
    };
  }

  private Transition submit() {
    var submissions = new ArrayList<Submission>();
    for (int i = random.nextInt(6); i >= 0; i--) {
      Work work = chance(10) && !works.isEmpty() ? pick(works) : work();
      submissions.add(work.submission());
    }
    return new Transition.Submit(submissions);
  }

  private Work work() {
    Work work =
        Work.of(submitted++)
            .function("f" + random.nextInt(3))
            .revision("r" + random.nextInt(2))
            .retries(random.nextInt(3))
            .priority(chance(50) ? 0 : random.nextInt(-100, 101))
            .timeout(random.nextLong(1, 20 * Desk.SECOND))
            .bytes(random.nextInt(50));
    String label = LABELS[random.nextInt(LABELS.length)];
    works.add(label.isEmpty() ? work : work.requiring(label));
    if (chance(30)) {
      work.tenant("tenant-" + random.nextInt(2));
    }
    if (chance(30)) {
      work.notBefore(now + random.nextLong(5 * Desk.SECOND));
    }
    if (chance(30)) {
      work.expiresAt(now + random.nextLong(-10, 5 * Desk.SECOND));
    }
    if (chance(30)) {
      work.deadline(now + random.nextLong(-10, 30 * Desk.SECOND));
    }
    return chance(50) ? work : work.sync();
  }

  private Transition settle() {
    var settlements = new ArrayList<Settlement>();
    SessionId session = session();
    for (int i = random.nextInt(4); i >= 0 && !granted.isEmpty(); i--) {
      Grant grant = pick(granted);
      if (settlements.isEmpty()) {
        session = chance(90) ? grant.session() : session();
      }
      Frame.Lease lease = grant.lease();
      long fence = chance(90) ? lease.fence() : lease.fence() + random.nextInt(-1, 2);
      settlements.add(new Settlement(lease.id(), fence, outcome(), Usage.NONE));
    }
    return new Transition.Settle(session, settlements);
  }

  private Outcome outcome() {
    return switch (random.nextInt(4)) {
      case 0 -> new Outcome.Success(Payload.EMPTY);
      case 1 -> new Outcome.Cancelled("by the function");
      default -> Outcome.Failure.of(CODES[random.nextInt(CODES.length)], "at random");
    };
  }

  private Transition giveBack() {
    var leases = new ArrayList<Held>();
    SessionId session = session();
    for (int i = random.nextInt(3); i >= 0 && !granted.isEmpty(); i--) {
      Grant grant = pick(granted);
      session = leases.isEmpty() ? grant.session() : session;
      leases.add(Desk.held(grant.lease()));
    }
    return new Transition.Return(session, leases);
  }

  private Transition attach() {
    SessionId session = chance(20) ? session() : Desk.session(++attached);
    if (!sessions.contains(session)) {
      sessions.add(session);
    }
    if (sessions.size() > 6) {
      sessions.removeFirst();
    }
    int worker = random.nextInt(4);
    Map<String, String> labels = worker == 0 ? Map.of("gpu", "x", "zone", "a") : Map.of();
    return new Transition.Attach(
        session,
        Desk.worker("worker-" + worker, labels),
        Desk.NODE,
        random.nextLong(1, 10 * Desk.SECOND));
  }

  private Transition adopt() {
    var leases = new ArrayList<Held>();
    for (int i = random.nextInt(5); i >= 0 && !granted.isEmpty(); i--) {
      leases.add(Desk.held(pick(granted).lease()));
    }
    return new Transition.Adopt(session(), List.copyOf(new HashSet<>(leases)));
  }

  private Transition pause() {
    var tenants = chance(20) ? Set.of(TenantId.DEFAULT) : Set.<TenantId>of();
    var function = new FunctionName("f" + random.nextInt(3));
    var functions = chance(50) ? Set.<PausedFunction>of() : Set.of(paused(function));
    return new Transition.Pause(new Pauses(random.nextInt(submitted + 1), tenants, functions));
  }

  private static PausedFunction paused(FunctionName function) {
    return new PausedFunction(TenantId.DEFAULT, function);
  }

  private Transition forget() {
    List<InvocationId> ended = witness.ended().stream().filter(id -> chance(50)).toList();
    return new Transition.Forget(chance(50) ? ended : someIds(2));
  }

  private Offer offer() {
    var warm = new ArrayList<Offer.Warm>();
    for (int i = random.nextInt(3); i > 0; i--) {
      Work any = Work.of(0).function("f" + random.nextInt(3)).revision("r" + random.nextInt(2));
      warm.add(any.warm(random.nextInt(3)));
    }
    List<WarmKey> atHome =
        warm.stream().map(part -> new WarmKey(part.revision(), part.function())).toList();
    return new Offer(
        session(),
        random.nextInt(4),
        warm,
        random.nextInt(3),
        atHome,
        chance(20) ? atHome : List.of());
  }

  private void passTime() {
    now +=
        switch (random.nextInt(20)) {
          case 0 -> -random.nextLong(3 * Desk.SECOND);
          case 1 -> random.nextLong(60 * Desk.SECOND);
          case 2, 3, 4, 5 -> random.nextLong(Desk.SECOND);
          case 6, 7, 8, 9, 10 -> random.nextLong(10_000);
          default -> 0;
        };
  }

  /** One worker that can do everything finishes what is left. */
  private void finish() {
    SessionId last = Desk.session(999_999);
    var profile = Desk.worker("last", Map.of("gpu", "x", "zone", "a"));
    var other = Desk.worker("very-last", Map.of("zone", "b"));
    var resume = new Transition.Pause(new Pauses(Long.MAX_VALUE, Set.of(), Set.of()));
    apply(List.of(resume), List.of());
    for (int i = 0; i < 100_000 && witness.anyLive(); i++) {
      var attach = new Transition.Attach(last, i % 2 == 0 ? profile : other, Desk.NODE, 1L << 50);
      List<Settlement> settlements =
          granted.stream()
              .filter(grant -> grant.session().equals(last))
              .map(Grant::lease)
              .map(l -> new Settlement(l.id(), l.fence(), outcome(), Usage.NONE))
              .toList();
      granted.clear();
      now += random.nextLong(Desk.SECOND);
      apply(
          List.of(new Transition.Settle(last, settlements), attach),
          List.of(new Offer(last, 50, List.of())));
    }
    assertThat(witness.anyLive()).as("something has not come to an end").isFalse();
  }

  private SessionId session() {
    return sessions.isEmpty() ? Desk.session(888_888) : pick(sessions);
  }

  private List<InvocationId> someIds(int most) {
    Set<InvocationId> ids = new HashSet<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      ids.add(Work.id(random.nextInt(submitted + 1)));
    }
    return List.copyOf(ids);
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
