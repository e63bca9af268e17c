package dev.fanfare.gateway;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.frame.LogLine;
import dev.fanfare.function.Isolation;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.protocol.Usage;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.protocol.WorkerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/** A worker in this process whose functions are what the test says. */
final class ScriptedWorker implements AutoCloseable {
  private static final Usage USAGE = new Usage(0, 500, 400, 1 << 20, 10, 20);

  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final CompletableFuture<Frame.Welcome> welcome = new CompletableFuture<>();
  private final ConcurrentLinkedQueue<Lease> held = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<Frame.Held> revoked = new ConcurrentLinkedQueue<>();
  private final AtomicLong sequence = new AtomicLong();
  private final Function<Lease, Optional<Outcome>> script;
  private final Link link;

  private ScriptedWorker(
      Gateway gateway, String name, Map<String, String> labels, int slots, Function<Lease, Optional<Outcome>> script) {
    this.script = script;
    Principal principal = new Principal("test", TenantId.DEFAULT, Scope.WORKER);
    this.link =
        InProcessLink.connect(
            new Ears(),
            thread,
            far -> gateway.sessions().accept(far, principal),
            task -> gateway.sessionContext().runOnContext(now -> task.run()));
    WorkerProfile profile =
        new WorkerProfile(new WorkerId(name), Labels.of(labels), slots, Set.of(Isolation.PROCESS), "test");
    link.send(new Frame.Hello(Frame.PROTOCOL_VERSION, profile, Optional.empty(), List.of()));
  }

  /** Connects; a script that answers nothing keeps the lease until {@link #settle}. */
  static ScriptedWorker connect(
      Gateway gateway, String name, Map<String, String> labels, int slots, Function<Lease, Optional<Outcome>> script)
      throws Exception {
    var worker = new ScriptedWorker(gateway, name, labels, slots, script);
    worker.welcome.get(10, TimeUnit.SECONDS);
    worker.link.send(new Frame.Credit(slots, List.of()));
    return worker;
  }

  /** Leases that the script did not answer, oldest first. */
  ConcurrentLinkedQueue<Lease> held() {
    return held;
  }

  ConcurrentLinkedQueue<Frame.Held> revoked() {
    return revoked;
  }

  void settle(Lease lease, Outcome outcome) {
    held.remove(lease);
    answer(List.of(new Settlement(lease.id(), lease.fence(), outcome, USAGE)));
  }

  void log(Lease lease, int line, String text) {
    link.send(
        new Frame.Logs(
            List.of(new LogLine(lease.id(), lease.fence(), line, System.currentTimeMillis() * 1_000, "out", "", text))));
  }

  @Override
  public void close() {
    link.close();
    thread.shutdown();
  }

  private void answer(List<Settlement> settlements) {
    link.send(new Frame.Outcomes(sequence.incrementAndGet(), settlements));
    link.send(new Frame.Credit(settlements.size(), List.of()));
  }

  private final class Ears implements Link.Listener {
    @Override
    public void received(Frame frame) {
      switch (frame) {
        case Frame.Welcome hello -> welcome.complete(hello);
        case Frame.Leases leases -> run(leases.leases());
        case Frame.Revoke revoke -> {
          revoked.addAll(revoke.leases());
          held.removeIf(lease -> revoke.leases().stream().anyMatch(r -> r.id().equals(lease.id())));
        }
        case Frame.Heartbeat beat -> link.send(beat);
        case Frame.Bye bye -> welcome.completeExceptionally(new IllegalStateException(bye.reason()));
        default -> {}
      }
    }

    private void run(List<Lease> leases) {
      var settlements = new ArrayList<Settlement>();
      for (Lease lease : leases) {
        script
            .apply(lease)
            .ifPresentOrElse(
                outcome -> settlements.add(new Settlement(lease.id(), lease.fence(), outcome, USAGE)),
                () -> held.add(lease));
      }
      if (!settlements.isEmpty()) {
        answer(settlements);
      }
    }

    @Override
    public void closed(String reason) {
      welcome.completeExceptionally(new IllegalStateException(reason));
    }
  }
}
