package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What ledgers have of an invocation: this node's, then those of the others. */
record Ledgers(Traffic traffic, History history, Accepted accepted, Elsewhere elsewhere) {
  private static final Logger log = LoggerFactory.getLogger(Ledgers.class);

  /** Looks, off the dispatcher's context, and answers on it. */
  void look(TenantId tenant, InvocationId id, Consumer<Optional<InvocationRecord>> answer) {
    find(tenant, id)
        .onSuccess(
            found -> {
              answer.accept(found);
              traffic.endTickSoon();
            })
        .onFailure(failure -> log.warn("the history could not be read", failure));
  }

  /**
   * The invocation as some node's history has it, or as work that was accepted and has not ended.
   */
  Future<Optional<InvocationRecord>> find(TenantId tenant, InvocationId id) {
    return traffic.blocking(() -> findHere(tenant, id).or(() -> elsewhere.find(tenant, id)));
  }

  /** The same of this node alone. Blocks. */
  Optional<InvocationRecord> findHere(TenantId tenant, InvocationId id) {
    return history.find(tenant, id).or(() -> unended(tenant, id));
  }

  private Optional<InvocationRecord> unended(TenantId tenant, InvocationId id) {
    return accepted.find(tenant, id).or(() -> history.find(tenant, id)); // it may just have ended
  }
}
