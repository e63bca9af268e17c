package dev.fanfare.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** When keys were last seen used. Thread-safe; blocks until what it writes is on disk. */
public final class KeyUseTable {
  private final Ledger ledger;

  KeyUseTable(Ledger ledger) {
    this.ledger = ledger;
  }

  /** The last uses by the ids of keys. */
  public Map<String, Instant> load() {
    Map<String, Instant> uses = new HashMap<>();
    ledger.read(
        connection ->
            Sql.query(
                connection,
                "SELECT id, last_used_at FROM key_uses",
                row -> uses.put(row.getString(1), Sql.instant(row.getLong(2)))));
    return uses;
  }

  /** Writes these down. */
  public void write(Map<String, Instant> uses) {
    ledger.write(
        connection -> {
          for (var use : uses.entrySet()) {
            Sql.execute(
                connection,
                "INSERT INTO key_uses VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET last_used_at ="
                    + " excluded.last_used_at WHERE excluded.last_used_at > key_uses.last_used_at",
                use.getKey(),
                Sql.micros(use.getValue()));
          }
        });
  }
}
