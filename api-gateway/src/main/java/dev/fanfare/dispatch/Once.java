package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.IdempotencyKeys;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that one key of a function's callers stands for one invocation, at whichever gateways
 * they call: looks in the ledgers before it is accepted, takes the key for itself, and has the same
 * key wait that comes meanwhile. Only on the dispatcher's context.
 */
final class Once {
  /** So many keys of this node, the latest, are known to the others though it goes away again. */
  private static final int MOST_TOLD = 10_000;

  private static final Logger log = LoggerFactory.getLogger(Once.class);

  private final Traffic traffic;
  private final IdempotencyKeys ledger;
  private final Accepting accepting;
  private @Nullable ClusterKeys cluster;
  private final Map<Place, First> underWay = new HashMap<>();

  /** A key is a function's. */
  private record Place(Queue queue, String key) {}

  Once(Traffic traffic, IdempotencyKeys ledger, Accepting accepting) {
    this.traffic = traffic;
    this.ledger = ledger;
    this.accepting = accepting;
  }

  /** From now on keys are those of all gateways; before anything is submitted. */
  void shareWith(ClusterKeys others) {
    cluster = others;
    if (!others.isAlone()) {
      traffic
          .blocking(
              () -> {
                others.tell(ledger.latest(MOST_TOLD));
                return true;
              })
          .onFailure(failure -> log.warn("keys are not told to the other nodes", failure));
    }
  }

  void submit(Submission work, String key, Sha256 body, KeyedWaiter waiter) {
    var place = new Place(Queue.of(work), key);
    First before = underWay.get(place);
    if (before != null) {
      before.others.add(new Other(body, waiter));
      return;
    }
    var first = new First(place, new Claim(key, body, work.id()), waiter);
    underWay.put(place, first);
    look(first, found -> looked(work, first, found));
  }

  private void look(First first, Consumer<Optional<Claim>> next) {
    traffic
        .blocking(() -> own(first).or(() -> taken(first)))
        .onComplete(
            found -> {
              if (found.failed()) {
                first.uncertain("the key could not be looked up: " + found.cause().getMessage());
              } else {
                next.accept(Objects.requireNonNull(found.result()));
              }
              traffic.endTickSoon();
            });
  }

  /** What the key stands for by this node's ledger. Blocks. */
  private Optional<Claim> own(First first) {
    Optional<Claim> found = ledger.find(first.place.queue, first.claim.key());
    ClusterKeys others = cluster;
    if (found.isPresent() && others != null && !others.isAlone()) {
      others.remember(first.place.queue, found.get());
    }
    return found;
  }

  /** What the key stands for at another gateway; otherwise it is ours from here on. Blocks. */
  private Optional<Claim> taken(First first) {
    ClusterKeys others = cluster;
    if (others != null && !others.isComplete()) {
      throw new IllegalStateException("nodes that may know it are not back yet");
    }
    return others == null || others.isAlone()
        ? Optional.empty()
        : others.take(first.place.queue, first.claim);
  }

  private void looked(Submission work, First first, Optional<Claim> found) {
    if (found.isPresent()) {
      underWay.remove(first.place);
      first.stands(found.get());
    } else {
      accepting.submit(work, first, first.claim);
    }
  }

  /** One that came with the same key while the first was under way. */
  private record Other(Sha256 body, KeyedWaiter waiter) {
    void hear(Claim claim) {
      if (body.equals(claim.body())) {
        waiter.known(claim.invocation());
      } else {
        waiter.otherBody(claim.invocation());
      }
    }
  }

  /** The first with its key. */
  private final class First implements Waiter {
    private final Place place;
    private final Claim claim;
    private final KeyedWaiter waiter;
    private final List<Other> others = new ArrayList<>();

    First(Place place, Claim claim, KeyedWaiter waiter) {
      this.place = place;
      this.claim = claim;
      this.waiter = waiter;
    }

    /** The key stands for one that was accepted before. */
    void stands(Claim known) {
      new Other(claim.body(), waiter).hear(known);
      others.forEach(other -> other.hear(known));
    }

    @Override
    public void admitted(Admission admission) {
      underWay.remove(place);
      if (admission == Admission.FULL) {
        giveBack();
      }
      waiter.admitted(admission);
      others.forEach(
          admission == Admission.FULL
              ? other -> other.waiter.admitted(admission)
              : other -> other.hear(claim));
    }

    /** Nothing came of it: whoever comes next may have the key. */
    private void giveBack() {
      ClusterKeys others = cluster;
      if (others != null && !others.isAlone()) {
        traffic.blocking(
            () -> {
              others.giveBack(place.queue, claim);
              return true;
            });
      }
    }

    @Override
    public void uncertain(String why) {
      underWay.remove(place);
      Consumer<KeyedWaiter> tell = one -> one.uncertain(why);
      tell.accept(waiter);
      others.forEach(other -> tell.accept(other.waiter));
    }

    @Override
    public void failed(String why) {
      giveBack();
      uncertain(why);
    }

    /** Another node's caller came first; the key stands for what that one submitted. */
    @Override
    public void anticipated() {
      look(
          this,
          found -> {
            underWay.remove(place);
            found.ifPresentOrElse(
                this::stands, () -> uncertain("its idempotency key was used elsewhere"));
          });
    }

    @Override
    public void ended(InvocationRecord invocation) {
      throw new IllegalStateException("nobody waits for " + invocation.id());
    }
  }
}
