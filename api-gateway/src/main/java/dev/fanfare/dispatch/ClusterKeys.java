package dev.fanfare.dispatch;

import dev.fanfare.cluster.Claims;
import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.IdempotencyKeys.Known;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Keys of functions' callers at all gateways: which invocation a key stands for that came to
 * another one. The other ledgers are asked, which know keys from before a restart; among gateways
 * that have the same key at one moment the members' claims decide. Blocks.
 */
final class ClusterKeys {
  /** How long to wait for a gateway that has the key to have accepted its invocation. */
  private static final long LONGEST_NANOS = 5_000_000_000L;

  private static final long LOOK_NANOS = 50_000_000;

  private final Outside outside;
  private final Elsewhere elsewhere;
  private final Claims claims;
  private final NodeId self;

  /** What is asked of the rest of the dispatcher. */
  interface Outside {
    /** Whether the invocation is known anywhere. */
    boolean exists(TenantId tenant, InvocationId id);
  }

  ClusterKeys(Outside outside, Elsewhere elsewhere, Claims claims, NodeId self) {
    this.outside = outside;
    this.elsewhere = elsewhere;
    this.claims = claims;
    this.self = self;
  }

  /** Whether there is no other ledger that a key could be in, nor will be. */
  boolean isAlone() {
    return elsewhere.isShared() || claims.isAlone();
  }

  /** Whether all are here, or were, that may have a key from before a start of all. */
  boolean isComplete() {
    return elsewhere.isShared() || claims.isGathered();
  }

  /** Tells the others what this node's ledger knows from before its start. */
  void tell(List<Known> known) {
    Map<String, String> takers = new HashMap<>();
    known.forEach(one -> takers.put(name(one.queue(), one.claim()), taker(one.claim())));
    claims.tell(self, takers);
  }

  /**
   * What the key stands for already; if for nothing, it stands for the claim's invocation now.
   *
   * @throws IllegalStateException if a node that has the key is not done with it, or whoever may
   *     have it is away
   */
  Optional<Claim> take(Queue queue, Claim claim) {
    long end = System.nanoTime() + LONGEST_NANOS;
    while (true) {
      Optional<Claim> known = elsewhere.keyed(queue, claim.key());
      if (known.isPresent()) {
        remember(queue, known.get());
        return known;
      }
      String ours = taker(claim);
      String taker = claims.take(name(queue, claim), ours);
      if (taker.equals(ours)) {
        return Optional.empty();
      }
      var before = Taker.parse(taker);
      if (outside.exists(queue.tenant(), before.invocation())) {
        return Optional.of(new Claim(claim.key(), before.body(), before.invocation()));
      }
      if (claims.isHere(before.member())) {
        if (System.nanoTime() - end > 0) {
          throw new IllegalStateException("another gateway is accepting a call with the same key");
        }
        LockSupport.parkNanos(LOOK_NANOS);
      } else if (before.node().equals(self) || elsewhere.isHere(before.node())) {
        // it was started anew, and its ledger, asked above, has nothing of it
        claims.giveBack(name(queue, claim), taker);
      } else {
        throw new IllegalStateException("the node that was called with it is away");
      }
    }
  }

  /** A ledger knows it: from now on the members do, too, though that ledger's node goes away. */
  void remember(Queue queue, Claim known) {
    claims.take(name(queue, known), taker(known));
  }

  /** The claim came to nothing. */
  void giveBack(Queue queue, Claim claim) {
    claims.giveBack(name(queue, claim), taker(claim));
  }

  private static String name(Queue queue, Claim claim) {
    return "key/" + queue.tenant() + "/" + queue.function() + "/" + claim.key();
  }

  private String taker(Claim claim) {
    return new Taker(claim.invocation(), claim.body(), self, claims.member()).toString();
  }

  /** Whose a key is, and by which start of which node. */
  private record Taker(InvocationId invocation, Sha256 body, NodeId node, String member) {
    static Taker parse(String text) {
      List<String> words = List.of(text.split(" ", -1));
      return new Taker(
          InvocationId.parse(words.get(0)),
          new Sha256(words.get(1)),
          new NodeId(words.get(2)),
          words.get(3));
    }

    @Override
    public String toString() {
      return invocation + " " + body + " " + node + " " + member;
    }
  }
}
