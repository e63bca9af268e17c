package dev.fanfare.ledger;

import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the ledger holds of API keys. Thread-safe; blocks until what it writes is on disk. */
public final class KeyTable {
  private final Ledger ledger;

  KeyTable(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A key; of its secret only the hash. */
  public record StoredKey(
      String id,
      TenantId tenant,
      String scope,
      String name,
      Sha256 secretHash,
      Instant createdAt,
      Optional<Instant> expiresAt,
      Optional<Instant> lastUsedAt) {}

  /** Reads everything. */
  public List<StoredKey> load() {
    return ledger.read(
        connection -> Sql.query(connection, "SELECT * FROM api_keys", KeyTable::key));
  }

  /** Adds a key. */
  public void insert(StoredKey key) {
    ledger.write(
        connection ->
            Sql.execute(
                connection,
                "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                key.id,
                key.tenant.value(),
                key.scope,
                key.name,
                key.secretHash.hex(),
                Sql.micros(key.createdAt),
                key.expiresAt.map(Sql::micros).orElse(null),
                key.lastUsedAt.map(Sql::micros).orElse(null)));
  }

  /** Writes down when these keys were last used. */
  public void used(Map<String, Instant> lastUses) {
    ledger.write(
        connection -> {
          for (var use : lastUses.entrySet()) {
            Sql.execute(
                connection,
                "UPDATE api_keys SET last_used_at = ? WHERE id = ?",
                Sql.micros(use.getValue()),
                use.getKey());
          }
        });
  }

  /** Removes a key. */
  public void delete(String id) {
    ledger.write(connection -> Sql.execute(connection, "DELETE FROM api_keys WHERE id = ?", id));
  }

  private static StoredKey key(ResultSet row) throws SQLException {
    return new StoredKey(
        row.getString("id"),
        new TenantId(row.getString("tenant")),
        row.getString("scope"),
        row.getString("name"),
        new Sha256(row.getString("secret_hash")),
        Sql.instant(row.getLong("created_at")),
        Sql.optionalInstant(row, "expires_at"),
        Sql.optionalInstant(row, "last_used_at"));
  }
}
