package dev.fanfare.registry;

import dev.fanfare.directory.Directory;
import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Pauses;
import dev.fanfare.shard.Pauses.PausedFunction;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * Which functions and tenants are paused, the same on all nodes. Thread-safe; {@link #pauses}
 * answers from memory, changes block until they are on disk.
 */
public final class PauseBook {
  private static final String PREFIX = "pause/";
  private static final byte[] NOTHING_MORE = {};

  private final Directory directory;
  private final List<Consumer<Pauses>> listeners = new CopyOnWriteArrayList<>();
  private volatile Pauses pauses;

  private PauseBook(Directory directory) {
    this.directory = directory;
    this.pauses = read(directory.rows());
  }

  /** The book that the directory holds. */
  public static PauseBook load(Directory directory) {
    var book = new PauseBook(directory);
    directory.onChange(book::changed);
    return book;
  }

  /** What is paused now. */
  public Pauses pauses() {
    return pauses;
  }

  /** Is told of every change, whichever node made it; must not block. */
  public void onChange(Consumer<Pauses> listener) {
    listeners.add(listener);
  }

  /** Pauses the function, or all of the tenant's; again does nothing. */
  public void pause(TenantId tenant, Optional<FunctionName> function) {
    directory.write(Map.of(key(tenant, function), Optional.of(NOTHING_MORE)));
  }

  /** Ends such a pause if there is one. */
  public void resume(TenantId tenant, Optional<FunctionName> function) {
    if (directory.under(key(tenant, function)).containsKey("")) {
      directory.write(Map.of(key(tenant, function), Optional.empty()));
    }
  }

  private void changed(List<Row> news) {
    if (news.stream().anyMatch(row -> row.key().startsWith(PREFIX))) {
      Pauses now = read(directory.rows());
      pauses = now;
      listeners.forEach(listener -> listener.accept(now));
    }
  }

  /** Two nodes with the same rows read the same, under the same version. */
  private static Pauses read(Collection<Row> rows) {
    long version = 0;
    Set<TenantId> tenants = new HashSet<>();
    Set<PausedFunction> functions = new HashSet<>();
    for (Row row : rows) {
      if (row.key().startsWith(PREFIX)) {
        version = Math.max(version, row.time());
        if (row.value() != null) {
          add(row.key().substring(PREFIX.length()), tenants, functions);
        }
      }
    }
    return new Pauses(version, tenants, functions);
  }

  private static void add(String key, Set<TenantId> tenants, Set<PausedFunction> functions) {
    int slash = key.indexOf('/');
    if (slash < 0) {
      tenants.add(new TenantId(key));
    } else {
      functions.add(
          new PausedFunction(
              new TenantId(key.substring(0, slash)), new FunctionName(key.substring(slash + 1))));
    }
  }

  private static String key(TenantId tenant, Optional<FunctionName> function) {
    return PREFIX + tenant.value() + function.map(name -> "/" + name.value()).orElse("");
  }
}
