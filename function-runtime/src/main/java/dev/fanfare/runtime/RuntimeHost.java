package dev.fanfare.runtime;

import dev.fanfare.capture.Captures;
import dev.fanfare.code.LoadedRevision;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Link;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Manifests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The runtime's end of the link to its worker: becomes the host of one revision, runs leases, and
 * gives back unstarted those that are asked back ({@link Frame.Returned} from the worker). A
 * revision that cannot be opened is answered with {@link Frame.Bye}.
 *
 * <p>Frames are to come one at a time. In a process of its own the thread that brings a lease may
 * run it.
 */
public final class RuntimeHost implements Link.Listener {
  /** A revision without leases for this long is one that was loaded before there is work. */
  private static final long AHEAD_MILLIS = 20;

  private final Link link;
  private final Outbox outbox;
  private final boolean ownProcess;
  private final Map<FunctionName, Runner> runners = new ConcurrentHashMap<>();
  private final Queue<Runner> undrained = new ConcurrentLinkedQueue<>();
  private final AtomicInteger drains = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final CountDownLatch leased = new CountDownLatch(1);
  private volatile Attempt.@Nullable Home home;
  private volatile @Nullable Runner serial;

  /**
   * A host that hosts nothing yet.
   *
   * @param ownProcess whether the process is there for this host only
   */
  public RuntimeHost(Link link, boolean ownProcess) {
    this.link = link;
    this.outbox = new Outbox(link);
    this.ownProcess = ownProcess;
  }

  @Override
  public void received(Frame frame) {
    if (take(frame)) {
      work();
    }
  }

  /**
   * Takes a frame without running anything on this thread. Frames are to be taken in order; what
   * they bring may then be worked on while others are taken.
   *
   * @return whether something waits for {@link #work}
   */
  boolean take(Frame frame) {
    switch (frame) {
      case Frame.Load load -> load(load);
      case Frame.Leases leases -> {
        return add(leases.leases());
      }
      case Frame.Channels channels -> channels.events().forEach(home().talks()::received);
      case Frame.Revoke revoke -> {
        revoke.leases().forEach(lease -> revoke(lease, revoke.reason()));
        outbox.flush();
      }
      case Frame.Returned wanted -> {
        wanted.leases().forEach(this::recall);
        outbox.flush();
      }
      case Frame.Unknown ofANewerWorker -> {}
      default -> throw new IllegalArgumentException("not for a runtime: " + frame);
    }
    return false;
  }

  /** Runs what waits for a thread. */
  void work() {
    for (Runner runner = undrained.poll(); runner != null; runner = undrained.poll()) {
      runner.drain();
      drains.decrementAndGet();
    }
  }

  /** Called about every millisecond while there is work. */
  void unblock() {
    long now = System.nanoTime();
    for (Runner runner : runners.values()) {
      runner.unblock(now);
    }
  }

  @Override
  public void closed(String reason) {
    Attempt.Home known = home;
    if (closed.compareAndSet(false, true) && known != null) {
      try {
        known.talks().close();
        known.code().close();
      } catch (IOException e) {
        System.getLogger(RuntimeHost.class.getName())
            .log(System.Logger.Level.WARNING, "a revision's jar could not be closed", e);
      }
    }
  }

  /** Sends what was said so far, also of lines that have not ended; nothing is after that. */
  void flushLast() {
    Captures.endOnly();
    outbox.flushLast();
  }

  /** Sends what has waited for longer than this. */
  void flushOlderThan(long nanos) {
    if (outbox.oldestAge(System.nanoTime()) > nanos) {
      outbox.flush();
    }
  }

  private void load(Frame.Load load) {
    long started = System.nanoTime();
    try {
      var manifest = Manifests.read(Files.readAllBytes(Path.of(load.manifest())));
      Path blobs = Path.of(load.blobs());
      var code =
          LoadedRevision.open(manifest, Path.of(load.artifact()), blobs.resolveSibling("made"));
      var talks = new Talks(outbox, code.classes());
      home = new Attempt.Home(code, blobs, load.resultLimitBytes(), new Meter(), outbox, talks);
      link.send(new Frame.Loaded(load.revision(), (System.nanoTime() - started) / 1_000));
      if (ownProcess) {
        var ahead = new Thread(() -> findAhead(code), "fanfare-ahead");
        ahead.setDaemon(true);
        ahead.start();
      }
    } catch (IOException | RuntimeException e) {
      link.send(new Frame.Bye("the revision cannot be loaded: " + Faults.words(e), false));
    }
  }

  /** Leases that follow at once find their functions by themselves. */
  private void findAhead(LoadedRevision code) {
    try {
      if (!leased.await(AHEAD_MILLIS, TimeUnit.MILLISECONDS)) {
        code.findAhead(() -> leased.getCount() > 0);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Neighbours for one runner go to it together, so that it knows of all before it runs the first.
   */
  private boolean add(List<Lease> leases) {
    leased.countDown();
    boolean waits = false;
    boolean first = true;
    Runner runner = null;
    var attempts = new ArrayList<Attempt>(leases.size());
    for (Lease lease : leases) {
      Runner next = runner(lease.function());
      if (runner != null && !next.equals(runner)) {
        waits |= add(runner, attempts, false);
        first = false;
        attempts.clear();
      }
      runner = next;
      attempts.add(new Attempt(lease, home()));
    }
    return runner != null && add(runner, attempts, first) || waits;
  }

  private boolean add(Runner runner, List<Attempt> attempts, boolean only) {
    boolean onlyWork = only && ownProcess && drains.get() == 0;
    if (!runner.add(attempts, onlyWork)) {
      return false;
    }
    drains.incrementAndGet();
    undrained.add(runner);
    return true;
  }

  private Attempt.Home home() {
    Attempt.Home known = home;
    if (known == null) {
      throw new IllegalStateException("a lease came before its revision");
    }
    return known;
  }

  private synchronized Runner runner(FunctionName function) {
    Runner known = runners.get(function);
    if (known != null) {
      return known;
    }
    FunctionSpec spec = home().code().spec(function);
    int concurrency = spec == null ? 1 : spec.policy().concurrency();
    Runner runner = concurrency == 1 && ownProcess ? serial() : concurrent(concurrency);
    runners.put(function, runner);
    return runner;
  }

  private Runner serial() {
    Runner known = serial;
    if (known == null) {
      known = new SerialRunner(outbox, home().code().classes());
      serial = known;
    }
    return known;
  }

  private Runner concurrent(int most) {
    return new ConcurrentRunner(outbox, home().code().classes(), most);
  }

  private void revoke(Held lease, String reason) {
    for (Runner runner : runners.values()) {
      if (runner.revoke(lease, reason)) {
        return;
      }
    }
  }

  private void recall(Held lease) {
    for (Runner runner : runners.values()) {
      if (runner.recall(lease)) {
        return;
      }
    }
  }
}
