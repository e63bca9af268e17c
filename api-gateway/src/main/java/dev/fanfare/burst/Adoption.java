package dev.fanfare.burst;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.fanfare.blob.Blobs;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.journal.BurstHead;
import dev.fanfare.journal.Page;
import dev.fanfare.protocol.NodeId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over bursts that were to go on by themselves and whose node is gone: they go on where the
 * last written word of them ends. Of all nodes that want to, one does. Looking blocks.
 */
final class Adoption {
  /** A look a second. */
  static final long LOOK_MILLIS = 1_000;

  /** How often in a row a node has to be away before its bursts are taken over. */
  private static final int LOOKS_AWAY = 3;

  private static final String INDEX = "{\"index\":";
  private static final Logger log = LoggerFactory.getLogger(Adoption.class);

  private final SchedulerNode node;
  private final Bursts bursts;
  private final Revival revival;
  private final Map<NodeId, Integer> away = new HashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();

  Adoption(SchedulerNode node, Bursts bursts, Revival revival) {
    this.node = node;
    this.bursts = bursts;
    this.revival = revival;
  }

  /** Looks for bursts that nobody runs, unless a look is under way. */
  void look() {
    if (!looking.compareAndSet(false, true)) {
      return;
    }
    try {
      var owners = new HashMap<NodeId, Integer>();
      for (BurstHead head : node.bursts().all()) {
        head.owner()
            .filter(owner -> !here(owner))
            .ifPresent(owner -> owners.put(owner, away.getOrDefault(owner, 0) + 1));
      }
      away.clear();
      away.putAll(owners);
      for (BurstHead head : node.bursts().all()) {
        if (!head.over() && !bursts.runs(head.id()) && forsaken(head)) {
          tryToAdopt(head);
        }
      }
    } finally {
      looking.set(false);
    }
  }

  private boolean here(NodeId owner) {
    return owner.equals(node.id()) || node.neighbours().others().contains(owner);
  }

  private boolean forsaken(BurstHead head) {
    return head.owner()
        .map(owner -> owner.equals(node.id()) || away.getOrDefault(owner, 0) >= LOOKS_AWAY)
        .orElse(true);
  }

  private void tryToAdopt(BurstHead head) {
    try {
      adopt(head);
    } catch (RuntimeException e) {
      log.warn("burst {} cannot be taken over; it is tried again: {}", head.id(), e.toString());
    }
  }

  private void adopt(BurstHead head) {
    Optional<Revival.Revived> revived = revival.of(head);
    if (revived.isEmpty()) {
      throw new IllegalStateException("revision " + head.revision() + " is not known here");
    }
    BitSet ended = ended(node.blobs(), head);
    byte[] prefix =
        head.prefix().map(hash -> StoredItems.read(node.blobs(), new Page(hash, 1))).orElse(null);
    long epoch = claimed(head);
    if (epoch == 0) {
      return;
    }
    BurstHead ours = head.with(epoch, Optional.of(node.id()));
    node.bursts().write(ours);
    var burst =
        new Burst(
            head.id(),
            revived.get().work(),
            revived.get().options(),
            bursts.platform(),
            null,
            new Durable(node.bursts(), ours, ended));
    if (prefix != null) {
      burst.chunked(prefix);
    }
    log.info("burst {} goes on here, with {} of its results", head.id(), head.resultCount());
    bursts.adopt(burst);
  }

  /** The epoch that is ours; 0 if another node was before us. */
  private long claimed(BurstHead head) {
    for (long epoch = head.epoch() + 1; ; epoch++) {
      String name = "burst/" + head.tenant() + "/" + head.id() + "/" + epoch;
      var taker = new NodeId(node.claims().take(name, node.id().value()));
      if (taker.equals(node.id())) {
        return epoch;
      }
      if (here(taker)) {
        return 0;
      }
    }
  }

  /** The indices of the results that were kept. */
  private static BitSet ended(Blobs blobs, BurstHead head) {
    var ended = new BitSet();
    for (Page page : head.results()) {
      byte[] lines = StoredItems.read(blobs, page);
      for (int start = 0; start < lines.length; ) {
        ended.set(index(lines, start));
        int end = start;
        while (end < lines.length && lines[end] != '\n') {
          end++;
        }
        start = end + 1;
      }
    }
    return ended;
  }

  private static int index(byte[] lines, int start) {
    int from = start + INDEX.length();
    int end = from;
    while (lines[end] != ',') {
      end++;
    }
    return Integer.parseInt(new String(lines, from, end - from, US_ASCII));
  }
}
