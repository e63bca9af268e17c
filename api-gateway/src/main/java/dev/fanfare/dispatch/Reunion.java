package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Work that a restart found in the ledger may have gone on in the cluster while this node was away,
 * and ended. So its shard is asked first, then the ledgers of the others: a shard forgets an end
 * only once a ledger has it, so what neither has has not ended. Where the nodes share a ledger it
 * is that which is asked, and which is told before such work is leased again: then no node that was
 * cut off can end it. Only on the dispatcher's context.
 */
final class Reunion {
  /** How long the ledger may take to be told. */
  private static final long LONGEST_SECONDS = 10;

  /**
   * For so long nothing is given to a shard while another node does not say whether it has its end:
   * it may be slow, or still start. One that is silent for longer is gone.
   */
  private static final long PATIENCE_MILLIS = 30_000;

  private final Traffic traffic;
  private final Elsewhere elsewhere;
  private final AcceptedWork ledger;
  private final boolean shared;
  private long startedMillis;

  Reunion(Traffic traffic, Elsewhere elsewhere, AcceptedWork ledger) {
    this.traffic = traffic;
    this.elsewhere = elsewhere;
    this.ledger = ledger;
    this.shared = ledger.shared();
    lookAgain();
  }

  /** What is older than now may have gone on elsewhere. */
  void lookAgain() {
    startedMillis = nowMillis();
  }

  private long nowMillis() {
    return TimeUnit.MICROSECONDS.toMillis(traffic.nowMicros());
  }

  /**
   * Those of these that have not ended, as far as is known; the ends of the others are recorded.
   */
  Future<List<Submission>> open(List<Submission> work) {
    List<Submission> former = work.stream().filter(this::isFormer).toList();
    if (former.isEmpty() || !shared && elsewhere.isEmpty()) {
      return future(work);
    }
    List<Future<Optional<InvocationRecord>>> inShards =
        former.stream().map(one -> inShard(one.id())).toList();
    return Future.join(inShards)
        .otherwiseEmpty()
        .compose(looked -> elsewhere(former, inShards))
        .compose(
            ended -> {
              ended.values().forEach(traffic.effects()::endedHere);
              List<Submission> open =
                  work.stream().filter(one -> !ended.containsKey(one.id())).toList();
              return shared ? announced(open, missing(former, inShards)) : future(open);
            });
  }

  /** Those that no shard has: they are leased again. */
  private static Set<InvocationId> missing(
      List<Submission> former, List<Future<Optional<InvocationRecord>>> inShards) {
    Set<InvocationId> missing = new HashSet<>();
    for (int i = 0; i < former.size(); i++) {
      if (inShards.get(i).succeeded() && inShards.get(i).result().isEmpty()) {
        missing.add(former.get(i).id());
      }
    }
    return missing;
  }

  /** The same without those that are another's to lease by now. */
  private Future<List<Submission>> announced(List<Submission> open, Set<InvocationId> missing) {
    List<Submission> again = open.stream().filter(one -> missing.contains(one.id())).toList();
    if (again.isEmpty()) {
      return future(open);
    }
    return traffic
        .blocking(
            () ->
                ledger.announce(again).toCompletableFuture().get(LONGEST_SECONDS, TimeUnit.SECONDS))
        .map(
            own -> {
              Set<InvocationId> ids = own.stream().map(Submission::id).collect(Collectors.toSet());
              return open.stream()
                  .filter(one -> !missing.contains(one.id()) || ids.contains(one.id()))
                  .toList();
            });
  }

  private static Future<List<Submission>> future(List<Submission> work) {
    return Future.succeededFuture(work);
  }

  private boolean isFormer(Submission work) {
    return work.id().epochMillis() < startedMillis;
  }

  private Future<Optional<InvocationRecord>> inShard(InvocationId id) {
    Promise<Optional<InvocationRecord>> found = Promise.promise();
    traffic
        .laneOf(id)
        .find(
            id,
            new Finding.Seeker() {
              @Override
              public void found(Optional<InvocationRecord> invocation) {
                found.complete(invocation);
              }

              @Override
              public void lost(Throwable failure) {
                found.fail(failure);
              }
            });
    return found.future();
  }

  /** The ends of those that shards and ledgers of others know to have ended. */
  private Future<Map<InvocationId, InvocationRecord>> elsewhere(
      List<Submission> former, List<Future<Optional<InvocationRecord>>> inShards) {
    Map<InvocationId, InvocationRecord> ended = new HashMap<>();
    Map<TenantId, List<InvocationId>> missing = new HashMap<>();
    for (int i = 0; i < former.size(); i++) {
      Submission one = former.get(i);
      Optional<InvocationRecord> found =
          inShards.get(i).succeeded() ? inShards.get(i).result() : Optional.empty();
      if (found.isEmpty()) {
        missing.computeIfAbsent(one.target().tenant(), t -> new ArrayList<>()).add(one.id());
      } else if (found.get().state().terminal()) {
        ended.put(one.id(), found.get());
      }
    }
    boolean patient = nowMillis() < startedMillis + PATIENCE_MILLIS;
    return traffic
        .blocking(() -> ended(missing, patient))
        .map(
            records -> {
              records.forEach(record -> ended.putIfAbsent(record.id(), record));
              return ended;
            });
  }

  private List<InvocationRecord> ended(Map<TenantId, List<InvocationId>> missing, boolean patient) {
    List<InvocationRecord> ended = new ArrayList<>();
    Set<InvocationId> known = new HashSet<>();
    missing.forEach(
        (tenant, ids) ->
            find(tenant, ids, patient).stream()
                .filter(record -> record.state().terminal() && known.add(record.id()))
                .forEach(ended::add));
    return ended;
  }

  private List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids, boolean patient) {
    if (shared) {
      return traffic.history().find(tenant, ids);
    }
    return patient ? elsewhere.findSurely(tenant, ids) : elsewhere.find(tenant, ids);
  }
}
