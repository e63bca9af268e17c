package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.ledger.InvocationHistory.Kept;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A history whose asynchronous invocations another node keeps, too. Those that somebody waited for
 * are here alone: their caller has the answer.
 */
record Copying(History own, Elsewhere elsewhere) implements History {
  @Override
  public CompletionStage<Kept> append(List<InvocationRecord> invocations) {
    CompletionStage<Kept> kept = own.append(invocations);
    return elsewhere.isEmpty()
        ? kept
        : kept.thenComposeAsync(
            answer -> elsewhere.copy(standing(invocations, answer)).thenApply(copied -> answer));
  }

  /** What is told of these, here and by whoever has the copies. */
  private static List<InvocationRecord> standing(List<InvocationRecord> ends, Kept kept) {
    Map<InvocationId, InvocationRecord> others = new HashMap<>();
    kept.standing().forEach(end -> others.put(end.id(), end));
    return ends.stream()
        .filter(end -> end.async() && !kept.superseded().contains(end.id()))
        .map(end -> others.getOrDefault(end.id(), end))
        .toList();
  }

  @Override
  public Optional<InvocationRecord> find(TenantId tenant, InvocationId id) {
    return own.find(tenant, id);
  }

  @Override
  public List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids) {
    return own.find(tenant, ids);
  }

  @Override
  public List<InvocationRecord> list(TenantId tenant, InvocationFilter filter) {
    return own.list(tenant, filter);
  }
}
