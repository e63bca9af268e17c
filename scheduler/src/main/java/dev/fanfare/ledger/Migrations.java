package dev.fanfare.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Brings a ledger's schema to the newest version: runs the scripts {@code schema/0001.sql}, {@code
 * 0002.sql} … that it has not had yet, each in its own transaction. A script that was released
 * never changes.
 */
final class Migrations {
  private Migrations() {}

  static void run(Connection connection, Path file) throws SQLException {
    int found = version(connection);
    int known = newest();
    if (found > known) {
      throw LedgerException.newer(file, found, known);
    }
    for (int version = found + 1; version <= known; version++) {
      apply(connection, version, script(version).orElseThrow());
    }
  }

  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE IF NOT EXISTS schema_versions (version INTEGER PRIMARY KEY)");
      try (var rows = statement.executeQuery("SELECT max(version) FROM schema_versions")) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    } finally {
      connection.commit();
    }
  }

  private static void apply(Connection connection, int version, String script) throws SQLException {
    try (Statement statement = connection.createStatement()) {
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

  private static int newest() {
    int version = 0;
    while (script(version + 1).isPresent()) {
      version++;
    }
    return version;
  }

  private static Optional<String> script(int version) {
    String name = String.format("schema/%04d.sql", version);
    try (InputStream script = Migrations.class.getResourceAsStream(name)) {
      return script == null
          ? Optional.empty()
          : Optional.of(new String(script.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }
}
