package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.ledger.InvocationHistory.Kept;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;

/** A history that forgets everything at the end and can be told to fail or to wait. Thread-safe. */
final class InMemoryHistory implements History {
  private final Map<InvocationId, InvocationRecord> kept = new ConcurrentSkipListMap<>();
  private volatile boolean failing;
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  void fail(boolean now) {
    failing = now;
  }

  /** Appends wait from now on until the gate is completed. */
  CompletableFuture<Void> hold() {
    gate = new CompletableFuture<>();
    return gate;
  }

  /** Another node has written this end. */
  void written(InvocationRecord end) {
    kept.put(end.id(), end);
  }

  int size() {
    return kept.size();
  }

  @Override
  public CompletionStage<Kept> append(List<InvocationRecord> invocations) {
    if (failing) {
      return CompletableFuture.failedFuture(new IllegalStateException("the disk is full"));
    }
    return gate.thenApply(
        open -> {
          List<InvocationRecord> standing =
              invocations.stream()
                  .map(i -> Optional.ofNullable(kept.putIfAbsent(i.id(), i)).orElse(i))
                  .filter(stands -> !invocations.contains(stands))
                  .toList();
          return new Kept(standing, Set.of());
        });
  }

  @Override
  public Optional<InvocationRecord> find(TenantId tenant, InvocationId id) {
    return Optional.ofNullable(kept.get(id)).filter(i -> i.tenant().equals(tenant));
  }

  @Override
  public List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids) {
    return ids.stream().flatMap(id -> find(tenant, id).stream()).toList();
  }

  @Override
  public List<InvocationRecord> list(TenantId tenant, InvocationFilter filter) {
    var listing = new Listing(tenant, filter);
    listing.add(List.copyOf(kept.values()));
    return listing.newestFirst();
  }
}
