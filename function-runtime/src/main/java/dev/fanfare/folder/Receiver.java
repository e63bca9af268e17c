package dev.fanfare.folder;

import dev.fanfare.function.Channel;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.sync.Exclusion;
import dev.fanfare.sync.SyncEntry;
import dev.fanfare.sync.SyncMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The end of a sync that is written to. Runs once, on one thread. */
public final class Receiver {
  private final SyncRequest request;
  private final Tree tree;
  private final Inventory inventory;
  private final Counts counts;
  private final Layout layout;
  private @Nullable Arrivals arrivals;

  private Receiver(
      SyncRequest request, Tree tree, Inventory inventory, Counts counts, boolean caseMatters) {
    this.request = request;
    this.tree = tree;
    this.inventory = inventory;
    this.counts = counts;
    this.layout = new Layout(tree, inventory, request, counts, caseMatters);
  }

  /**
   * Does what the other end of the channel says, in the root and nowhere else, until all is done.
   *
   * @throws Refusal if the folder or the request is not to be had here
   * @throws IOException if the folder cannot be opened, made or looked through
   * @throws IllegalArgumentException if the other end says what is no sync
   */
  public static void receive(Path root, SyncRequest request, Channel<byte[], byte[]> channel)
      throws IOException {
    Optional<Tree> found = Tree.open(root, request.folder(), !request.dryRun());
    boolean exists = found.isPresent();
    try (Tree tree = exists ? found.get() : Tree.open(root, "", false).orElseThrow()) {
      var counts = new Counts(said -> channel.send(said.written()), request.dryRun());
      Inventory inventory =
          exists
              ? Inventory.of(tree, new Exclusion(request.excluded()), !request.dryRun())
              : Inventory.empty();
      boolean caseMatters = request.dryRun() || tree.tellsCaseApart();
      new Receiver(request, tree, inventory, counts, caseMatters).run(channel);
    }
  }

  private void run(Channel<byte[], byte[]> channel) throws IOException {
    try {
      while (arrivals == null || !arrivals.done()) {
        byte[] item = channel.receive();
        if (item == null) {
          throw new Refusal("the other end has gone");
        }
        take(SyncMessage.read(item));
      }
      layout.finish();
      counts.summary();
    } finally {
      if (arrivals != null) {
        arrivals.close();
      }
    }
  }

  private void take(SyncMessage message) throws IOException {
    switch (message) {
      case SyncMessage.Entries entries when arrivals == null -> {
        for (SyncEntry entry : entries.entries()) {
          layout.take(entry);
        }
      }
      case SyncMessage.Listed listed when arrivals == null -> listed(listed.count());
      case SyncMessage.Hashed hashed -> begun().hashed(hashed.index(), hash(hashed.hash()));
      case SyncMessage.Block block -> begun().block(block.index(), block.bytes());
      case SyncMessage.End end -> begun().end(end.index(), hash(end.hash()), end.bytes());
      case SyncMessage.Dropped dropped -> begun().dropped(dropped.index(), dropped.why());
      default -> throw new IllegalArgumentException("a sync does not go so");
    }
  }

  private void listed(int count) {
    if (count != layout.taken()) {
      throw new IllegalArgumentException(
          count + " entries were announced, but " + layout.taken() + " came");
    }
    var begun =
        new Arrivals(
            tree, new KnownContents(tree, inventory), counts, request.dryRun(), layout.differing());
    arrivals = begun;
    begun.begin();
  }

  private Arrivals begun() {
    if (arrivals == null) {
      throw new IllegalArgumentException("contents come behind the listing");
    }
    return arrivals;
  }

  private static Sha256 hash(byte[] bytes) {
    return Sha256.ofDigest(bytes);
  }
}
