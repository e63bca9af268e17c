package dev.fanfare.registry;

import dev.fanfare.directory.Directory;
import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.protocol.WorkerAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Where workers listen that gateways are to dial, the same on all nodes. Thread-safe; {@link #all}
 * answers from memory, changes block until they are on disk.
 */
public final class WorkerAddresses {
  private static final String PREFIX = "worker-address/";
  private static final byte[] NOTHING_MORE = {};

  private final Directory directory;
  private final List<Consumer<Set<WorkerAddress>>> listeners = new CopyOnWriteArrayList<>();

  private WorkerAddresses(Directory directory) {
    this.directory = directory;
  }

  /** The addresses that the directory holds. */
  public static WorkerAddresses load(Directory directory) {
    var addresses = new WorkerAddresses(directory);
    directory.onChange(addresses::changed);
    return addresses;
  }

  /** All of them. */
  public Set<WorkerAddress> all() {
    var all = new TreeSet<WorkerAddress>();
    directory.under(PREFIX).keySet().forEach(text -> all.add(WorkerAddress.parse(text)));
    return all;
  }

  /** Is told of every change, whichever node made it; must not block. */
  public void onChange(Consumer<Set<WorkerAddress>> listener) {
    listeners.add(listener);
  }

  /** Adds one; again does nothing. */
  public void add(WorkerAddress address) {
    directory.write(Map.of(PREFIX + address, Optional.of(NOTHING_MORE)));
  }

  /** Removes one; false if it is not there. */
  public boolean remove(WorkerAddress address) {
    boolean known = directory.under(PREFIX + address).containsKey("");
    if (known) {
      directory.write(Map.of(PREFIX + address, Optional.empty()));
    }
    return known;
  }

  private void changed(List<Row> news) {
    if (news.stream().anyMatch(row -> row.key().startsWith(PREFIX))) {
      Set<WorkerAddress> now = all();
      listeners.forEach(listener -> listener.accept(now));
    }
  }
}
