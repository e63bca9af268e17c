package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.IdempotencyKeys;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What this node's ledger answers to other nodes. */
record OwnInvocations(Traffic traffic, History ledger, IdempotencyKeys keys)
    implements Elsewhere.Own {
  private static final long LONGEST_SECONDS = 5;

  @Override
  public List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids) {
    return ids.stream()
        .map(id -> traffic.ledgers().findHere(tenant, id))
        .flatMap(Optional::stream)
        .toList();
  }

  @Override
  public List<InvocationRecord> list(TenantId tenant, InvocationFilter filter) {
    List<InvocationRecord> found = new ArrayList<>(traffic.accepted().newest(tenant, filter));
    found.addAll(ledger.list(tenant, filter));
    return found;
  }

  @Override
  public void keep(List<InvocationRecord> copies) {
    ledger.append(copies).toCompletableFuture().orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void bring(TenantId tenant, InvocationId id) {
    var brought = new CompletableFuture<Void>();
    traffic.run(
        () -> {
          Future<Void> there = traffic.accepted().bring(tenant, id);
          there.onComplete(done -> brought.complete(null));
        });
    brought.completeOnTimeout(null, LONGEST_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public Optional<Claim> keyed(Queue queue, String key) {
    return keys.find(queue, key);
  }
}
