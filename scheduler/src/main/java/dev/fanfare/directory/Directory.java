package dev.fanfare.directory;

import dev.fanfare.ledger.DirectoryTable;
import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Named values that all nodes of a cluster hold alike: each node has all of them, in memory and in
 * its ledger. A write is on disk here before it is seen; other nodes take it in by {@link #merge},
 * in whatever order, as often as they like: of two writes of one entry the later one holds, by a
 * clock that never runs behind a write it has seen, then by the node's id. Thread-safe; reads
 * answer from memory, writes block.
 */
public final class Directory {
  private final DirectoryTable table;
  private final NodeId self;
  private final Clock clock;
  private final ReentrantLock writing = new ReentrantLock();
  private final ConcurrentSkipListMap<String, Row> rows = new ConcurrentSkipListMap<>();
  private final List<Consumer<List<Row>>> listeners = new CopyOnWriteArrayList<>();
  private volatile Consumer<List<Row>> others = written -> {};
  private volatile String seen = "";
  private final Map<String, Duration> expiring = new ConcurrentHashMap<>();
  private long latest;
  private byte[] digest = new byte[Sha256.digest().getDigestLength()];

  private Directory(DirectoryTable table, NodeId self, Clock clock) {
    this.table = table;
    this.self = self;
    this.clock = clock;
  }

  /** The directory that the table holds. */
  public static Directory load(DirectoryTable table, NodeId self, Clock clock) {
    Directory directory = new Directory(table, self, clock);
    directory.remember(table.load());
    return directory;
  }

  // ---- looking ----

  /** The values under keys that start so, by what follows. */
  public SortedMap<String, byte[]> under(String prefix) {
    SortedMap<String, byte[]> found = new TreeMap<>();
    for (Row row : rows.subMap(prefix, prefix + Character.MAX_VALUE).values()) {
      if (row.value() != null) {
        found.put(row.key().substring(prefix.length()), row.value());
      }
    }
    return found;
  }

  /**
   * Is to be told what changed, whoever wrote it, before the write returns; must neither write here
   * nor wait for who does.
   */
  public void onChange(Consumer<List<Row>> listener) {
    listeners.add(listener);
  }

  // ---- forgetting ----

  /**
   * Entries under this prefix are gone, here and everywhere, so long after they were written last.
   * Nothing is left of them, as there is of what was removed.
   */
  public void expire(String prefix, Duration age) {
    expiring.put(prefix, age);
    forgetExpired();
  }

  /** Lets go of what has expired. */
  public void forgetExpired() {
    writing.lock();
    try {
      List<Row> gone = rows.values().stream().filter(this::expired).toList();
      if (!gone.isEmpty()) {
        table.remove(gone);
        for (Row row : gone) {
          rows.remove(row.key());
          mix(row);
        }
      }
    } finally {
      writing.unlock();
    }
  }

  private boolean expired(Row row) {
    for (Map.Entry<String, Duration> entry : expiring.entrySet()) {
      if (row.key().startsWith(entry.getKey())) {
        Instant last = clock.instant().minus(entry.getValue());
        return row.time() < ChronoUnit.MICROS.between(Instant.EPOCH, last);
      }
    }
    return false;
  }

  // ---- changing ----

  /** Writes these, all or none; on disk, and offered to the other nodes, when this returns. */
  public void write(Map<String, Optional<byte[]>> changes) {
    List<Row> written = new ArrayList<>();
    writing.lock();
    try {
      long time = Math.max(latest + 1, ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()));
      changes.forEach(
          (key, value) -> written.add(new Row(key, time, self.value(), value.orElse(null))));
      keep(written);
    } finally {
      writing.unlock();
    }
    others.accept(written);
  }

  // ---- what other nodes are for and ask for ----

  /** Who is to hear, on the writing thread, of what is written here. */
  public void offerTo(Consumer<List<Row>> neighbours) {
    others = neighbours;
  }

  /**
   * Takes in what was written elsewhere; on disk when this returns.
   *
   * @return how many were news
   */
  public int merge(Collection<Row> written) {
    writing.lock();
    try {
      List<Row> news = written.stream().filter(this::isNews).toList();
      if (!news.isEmpty()) {
        keep(news);
      }
      return news.size();
    } finally {
      writing.unlock();
    }
  }

  /** Takes in what other nodes have written to a table that they share with this one. */
  public void refresh() {
    String version = table.version();
    if (!version.equals(seen)) {
      merge(table.load());
      seen = version;
    }
  }

  /** Equal for two nodes that hold the same. */
  public byte[] digest() {
    writing.lock();
    try {
      return digest.clone();
    } finally {
      writing.unlock();
    }
  }

  /** Everything, removals too, in the order of keys. */
  public Collection<Row> rows() {
    return rows.values();
  }

  private boolean isNews(Row row) {
    Row known = rows.get(row.key());
    return known == null ? !expired(row) : row.after(known);
  }

  private void keep(List<Row> news) {
    table.write(news);
    remember(news);
    listeners.forEach(listener -> listener.accept(news));
  }

  private void remember(List<Row> news) {
    for (Row row : news) {
      Row before = rows.put(row.key(), row);
      if (before != null) {
        mix(before);
      }
      mix(row);
      latest = Math.max(latest, row.time());
    }
  }

  /** Adds a row to the digest, or takes it out: exclusive or, so that the order does not matter. */
  private void mix(Row row) {
    MessageDigest hash = Sha256.digest();
    hash.update(row.key().getBytes(StandardCharsets.UTF_8));
    hash.update((byte) 0);
    hash.update(row.node().getBytes(StandardCharsets.UTF_8));
    byte[] one = hash.digest(ByteBuffer.allocate(Long.BYTES).putLong(row.time()).array());
    for (int i = 0; i < digest.length; i++) {
      digest[i] ^= one[i];
    }
  }
}
