package dev.fanfare.folder;

import dev.fanfare.sync.SyncMessage;
import dev.fanfare.sync.SyncMessage.Deed;
import dev.fanfare.sync.SyncMessage.Told;
import java.util.Collection;
import java.util.EnumMap;
import java.util.function.Consumer;

/** Tells the other end what becomes of entries, and counts it. */
final class Counts {
  private static final int INDEXES_AT_ONCE = 1_000;

  private final Consumer<SyncMessage> out;
  private final boolean everything;
  private final EnumMap<Deed, Long> deeds = new EnumMap<>(Deed.class);
  private long unchanged;
  private long bytes;

  /** {@code everything} or only what fails is told one by one. */
  Counts(Consumer<SyncMessage> out, boolean everything) {
    this.out = out;
    this.everything = everything;
  }

  void unchanged() {
    unchanged++;
  }

  void bytes(long more) {
    bytes += more;
  }

  void done(Deed deed, int index, String path) {
    deeds.merge(deed, 1L, Long::sum);
    if (everything) {
      out.accept(new Told(deed, index, path, ""));
    }
  }

  void failed(int index, String path, String why) {
    deeds.merge(Deed.FAILED, 1L, Long::sum);
    out.accept(new Told(Deed.FAILED, index, path, why));
  }

  /** One more failure for a reason that was told. */
  void failedToo() {
    deeds.merge(Deed.FAILED, 1L, Long::sum);
  }

  void ask(Collection<Integer> indexes) {
    pieces(indexes, piece -> out.accept(new SyncMessage.Ask(piece)));
  }

  void need(Collection<Integer> indexes) {
    pieces(indexes, piece -> out.accept(new SyncMessage.Need(piece)));
  }

  private static void pieces(Collection<Integer> indexes, Consumer<int[]> each) {
    int[] all = indexes.stream().mapToInt(Integer::intValue).toArray();
    for (int at = 0; at < all.length; at += INDEXES_AT_ONCE) {
      each.accept(
          java.util.Arrays.copyOfRange(all, at, Math.min(all.length, at + INDEXES_AT_ONCE)));
    }
  }

  void summary() {
    out.accept(
        new SyncMessage.Summary(
            count(Deed.SENT),
            unchanged,
            count(Deed.COPIED),
            count(Deed.LINKED),
            count(Deed.MADE),
            count(Deed.DELETED),
            count(Deed.FAILED),
            bytes));
  }

  private long count(Deed deed) {
    return deeds.getOrDefault(deed, 0L);
  }
}
