package dev.fanfare.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Brings a ledger's schema to the newest version: runs the scripts {@code 0001.sql}, {@code
 * 0002.sql} … that it has not had yet, each in its own transaction. A script that was released
 * never changes.
 */
final class Migrations {
  private Migrations() {}

  static void run(Connection connection, Dialect dialect) throws SQLException {
    int found = version(connection, dialect);
    int known = newest(dialect);
    if (found > known) {
      throw LedgerException.newer(dialect.name(), found, known);
    }
    while (found < known) {
      apply(connection, dialect, found + 1);
      found = version(connection, dialect);
    }
  }

  private static int version(Connection connection, Dialect dialect) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      dialect.lockSchema(connection);
      statement.execute("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY)");
      try (var rows = statement.executeQuery("SELECT max(version) FROM schema_versions")) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    } finally {
      connection.commit();
    }
  }

  /** Does nothing if another node has applied it meanwhile. */
  private static void apply(Connection connection, Dialect dialect, int version)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      dialect.lockSchema(connection);
      try (var rows =
          statement.executeQuery("SELECT 1 FROM schema_versions WHERE version = " + version)) {
        if (rows.next()) {
          connection.rollback();
          return;
        }
      }
      String script = script(dialect, version).orElseThrow();
      for (String command : script.replaceAll("(?m)^--.*$", "").split(";", -1)) {
        if (!command.isBlank()) {
          statement.execute(command);
        }
      }
      statement.execute("INSERT INTO schema_versions VALUES (" + version + ")");
      connection.commit();
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    }
  }

  private static int newest(Dialect dialect) {
    int version = 0;
    while (script(dialect, version + 1).isPresent()) {
      version++;
    }
    return version;
  }

  private static Optional<String> script(Dialect dialect, int version) {
    String name = dialect.schema() + String.format("%04d.sql", version);
    try (InputStream script = Migrations.class.getResourceAsStream(name)) {
      return script == null
          ? Optional.empty()
          : Optional.of(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
