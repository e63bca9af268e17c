package dev.fanfare.ledger;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** When this node last saw keys used. Thread-safe; blocks until what it writes is on disk. */
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
                "INSERT OR REPLACE INTO key_uses VALUES (?, ?)",
                use.getKey(),
                Sql.micros(use.getValue()));
          }
        });
  }
}
