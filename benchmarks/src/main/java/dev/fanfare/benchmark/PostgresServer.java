package dev.fanfare.benchmark;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A PostgreSQL to measure: the one that was given, or one of its own that syncs every commit. */
final class PostgresServer implements AutoCloseable {
  private final @Nullable EmbeddedPostgres started;
  private final String url;
  private final List<String> schemas = new ArrayList<>();

  private PostgresServer(@Nullable EmbeddedPostgres started, String url) {
    this.started = started;
    this.url = url;
  }

  static PostgresServer of(Optional<String> given) throws IOException, SQLException {
    if (given.isPresent()) {
      return new PostgresServer(null, given.get());
    }
    EmbeddedPostgres started =
        EmbeddedPostgres.builder()
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("full_page_writes", "on")
            .start();
    return new PostgresServer(
        started, "jdbc:postgresql://127.0.0.1:" + started.getPort() + "/postgres?user=postgres");
  }

  /** Version, and whether commits are on disk when they return. */
  String describe() throws SQLException {
    return "PostgreSQL "
        + show("server_version")
        + ", fsync "
        + show("fsync")
        + ", synchronous_commit "
        + show("synchronous_commit");
  }

  /** A URL of a schema that is there, and empty, and goes with this. */
  String schema(String name) throws SQLException {
    String schema = "fanfare_benchmark_" + name;
    execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    execute("CREATE SCHEMA " + schema);
    schemas.add(schema);
    return url + (url.contains("?") ? "&" : "?") + "currentSchema=" + schema;
  }

  private String show(String setting) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement();
        var found = statement.executeQuery("SHOW " + setting)) {
      return found.next() ? found.getString(1) : "";
    }
  }

  private void execute(String command) throws SQLException {
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(command);
    }
  }

  @Override
  public void close() throws IOException, SQLException {
    for (String schema : schemas) {
      execute("DROP SCHEMA " + schema + " CASCADE");
    }
    if (started != null) {
      started.close();
    }
  }
}
