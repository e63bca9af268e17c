package dev.fanfare.session;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.Link;
import dev.fanfare.function.Isolation;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker's end of a session that does as it is told: answers leases by a script, or keeps them
 * until the test answers. Remembers every frame it hears. Thread-safe.
 */
public final class ScriptedWorker implements Link.Listener {
  /** Every lease succeeds at once with an empty result. */
  public static final Function<Lease, Optional<Outcome>> AT_ONCE =
      lease -> Optional.of(new Outcome.Success(Payload.EMPTY));

  /** Leases are kept until the test answers them. */
  public static final Function<Lease, Optional<Outcome>> LATER = lease -> Optional.empty();

  private static final Usage USAGE = new Usage(0, 10, 0, 0, 0, 0);

  private final WorkerProfile profile;
  private final int credits;
  private final Function<Lease, Optional<Outcome>> script;
  private final boolean remember;
  private final List<Frame> heard = new CopyOnWriteArrayList<>();
  private final List<Lease> leases = new CopyOnWriteArrayList<>();
  private final AtomicLong sequence = new AtomicLong();
  private volatile @Nullable Link link;
  private volatile @Nullable String closed;
  private volatile boolean silent;

  private ScriptedWorker(
      WorkerProfile profile,
      int credits,
      Function<Lease, Optional<Outcome>> script,
      boolean remember) {
    this.profile = profile;
    this.credits = credits;
    this.script = script;
    this.remember = remember;
  }

  /**
   * A worker that gives so much credit when it is welcomed, and one more for each lease answered.
   */
  public static ScriptedWorker of(
      String name, int credits, Function<Lease, Optional<Outcome>> script) {
    return new ScriptedWorker(profile(name, Map.of()), credits, script, true);
  }

  /** The same, with labels. */
  public static ScriptedWorker of(
      String name,
      Map<String, String> labels,
      int credits,
      Function<Lease, Optional<Outcome>> script) {
    return new ScriptedWorker(profile(name, labels), credits, script, true);
  }

  /** A worker for measurements, which answers at once and remembers nothing. */
  public static ScriptedWorker forgetful(String name, int credits) {
    return new ScriptedWorker(profile(name, Map.of()), credits, AT_ONCE, false);
  }

  /** A profile of the given name and labels, with process isolation. */
  public static WorkerProfile profile(String name, Map<String, String> labels) {
    return new WorkerProfile(
        new WorkerId(name), Labels.of(labels), 4, Set.of(Isolation.PROCESS), "test");
  }

  /** It gives no sign of life by itself, and so is lost after a while. */
  public ScriptedWorker silent() {
    silent = true;
    return this;
  }

  /** Speaks over this link from now on and says Hello. */
  public ScriptedWorker hello(Link to) {
    return hello(to, Optional.empty(), List.of());
  }

  /** Speaks over this link from now on and takes up a session again. */
  public ScriptedWorker hello(Link to, Optional<String> resume, List<Held> held) {
    link = to;
    to.send(new Frame.Hello(Frame.PROTOCOL_VERSION, profile, resume, held));
    return this;
  }

  /** Speaks over this link from now on. */
  public ScriptedWorker over(Link to) {
    link = to;
    return this;
  }

  @Override
  public void received(Frame frame) {
    if (remember) {
      heard.add(frame);
    }
    switch (frame) {
      case Frame.Welcome welcome -> {
        if (credits > 0) {
          send(new Frame.Credit(credits, List.of()));
        }
      }
      case Frame.Leases leased -> run(leased.leases());
      case Frame.Heartbeat beat -> {
        if (!silent) {
          send(beat);
        }
      }
      default -> {}
    }
  }

  private void run(List<Lease> leased) {
    if (remember) {
      leases.addAll(leased);
    }
    var settlements = new ArrayList<Settlement>(leased.size());
    for (Lease lease : leased) {
      script
          .apply(lease)
          .ifPresent(
              outcome ->
                  settlements.add(new Settlement(lease.id(), lease.fence(), outcome, USAGE)));
    }
    if (!settlements.isEmpty()) {
      send(new Frame.Outcomes(sequence.incrementAndGet(), settlements));
      send(new Frame.Credit(settlements.size(), List.of()));
    }
  }

  @Override
  public void closed(String reason) {
    closed = reason;
  }

  /** Answers a lease and gives the credit back. */
  public void finish(Lease lease, Outcome outcome) {
    settle(lease.id(), lease.fence(), outcome);
    send(new Frame.Credit(1, List.of()));
  }

  /** Settles whatever it is told to. */
  public void settle(dev.fanfare.protocol.InvocationId id, long fence, Outcome outcome) {
    send(
        new Frame.Outcomes(
            sequence.incrementAndGet(), List.of(new Settlement(id, fence, outcome, USAGE))));
  }

  /** Succeeds with an empty result. */
  public void succeed(Lease lease) {
    finish(lease, new Outcome.Success(Payload.EMPTY));
  }

  /** Sends a frame. */
  public void send(Frame frame) {
    Link to = link;
    if (to != null) {
      to.send(frame);
    }
  }

  /** Cuts the link. */
  public void cut() {
    Link to = link;
    if (to != null) {
      to.close();
    }
  }

  /** Its profile. */
  public WorkerProfile profile() {
    return profile;
  }

  /** The leases that came, in their order. */
  public List<Lease> leases() {
    return leases;
  }

  /** What was heard of one kind, in its order. */
  public <F extends Frame> List<F> heard(Class<F> kind) {
    return heard.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Whether a Welcome came. */
  public boolean welcomed() {
    return !heard(Frame.Welcome.class).isEmpty();
  }

  /** Whether the link is gone. */
  public boolean isClosed() {
    return closed != null;
  }
}
