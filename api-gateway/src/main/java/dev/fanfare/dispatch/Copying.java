package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.ledger.InvocationHistory.Kept;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A history whose asynchronous invocations another node keeps, too. Those that somebody waited for
 * are here alone: their caller has the answer.
 */
record Copying(History own, Elsewhere elsewhere) implements History {
  @Override
  public CompletionStage<Kept> append(List<InvocationRecord> invocations) {
    CompletionStage<Kept> kept = own.append(invocations);
    if (elsewhere.isEmpty()) {
      return kept;
    }
    List<InvocationRecord> async = invocations.stream().filter(InvocationRecord::async).toList();
    CompletableFuture<Void> copied = elsewhere.copy(async).toCompletableFuture();
    return kept.thenCombine(copied, (answer, done) -> answer);
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
