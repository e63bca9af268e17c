package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.ledger.InvocationHistory;
import dev.fanfare.ledger.InvocationHistory.Kept;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Where ended invocations are kept for good. Looking up may block. */
interface History {

  /**
   * Keeps these; the stage completes once they are safe, on any thread, and fails when they are not
   * known to be. Keeping one twice is harmless.
   */
  CompletionStage<Kept> append(List<InvocationRecord> invocations);

  /** The tenant's invocation, if it is here. */
  Optional<InvocationRecord> find(TenantId tenant, InvocationId id);

  /** Those of the tenant's, at most 1,000, that are here. */
  List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids);

  /** The tenant's invocations that pass the filter, newest first. */
  List<InvocationRecord> list(TenantId tenant, InvocationFilter filter);

  /** The node's ledger. */
  static History of(InvocationHistory ledger) {
    return new History() {
      @Override
      public CompletionStage<Kept> append(List<InvocationRecord> invocations) {
        return ledger.append(invocations);
      }

      @Override
      public Optional<InvocationRecord> find(TenantId tenant, InvocationId id) {
        return ledger.find(tenant, id);
      }

      @Override
      public List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids) {
        return ledger.find(tenant, ids);
      }

      @Override
      public List<InvocationRecord> list(TenantId tenant, InvocationFilter filter) {
        return ledger.list(tenant, filter);
      }
    };
  }
}
