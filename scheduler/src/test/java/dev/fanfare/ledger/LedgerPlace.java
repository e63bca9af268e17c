package dev.fanfare.ledger;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** The databases that a ledger may be in: what holds of one holds of the other. */
public enum LedgerPlace {
  SQLITE {
    @Override
    public Ledger open(DataFolder folder, Retention retention, Clock clock) {
      return Ledger.open(folder, retention, clock);
    }
  },

  POSTGRESQL {
    @Override
    public Ledger open(DataFolder folder, Retention retention, Clock clock) {
      return Ledger.open(url(folder), folder.nodeId(), retention, clock);
    }
  };

  /**
   * Opens the ledger that belongs to the folder; skips the test where the database does not run.
   */
  public abstract Ledger open(DataFolder folder, Retention retention, Clock clock);

  /** A ledger in PostgreSQL that belongs to the folder, and to none else. */
  static LedgerUrl url(DataFolder folder) {
    return url("of_" + Integer.toHexString(folder.path().toString().hashCode()));
  }

  static LedgerUrl url(String schema) {
    return url(schema, server().getPort());
  }

  /** The same by another way. */
  static LedgerUrl url(String schema, int port) {
    return LedgerUrl.parse(
        "jdbc:postgresql://127.0.0.1:%d/postgres?user=postgres&currentSchema=%s"
            .formatted(port, schema));
  }

  /** One for all tests of this process, ended with it. */
  static EmbeddedPostgres server() {
    Assumptions.assumeTrue(
        Server.RUNNING != null, () -> "PostgreSQL does not run here: " + Server.failure);
    return java.util.Objects.requireNonNull(Server.RUNNING);
  }

  private static final class Server {
    private static String failure = "";
    private static final @Nullable EmbeddedPostgres RUNNING = start();

    private static @Nullable EmbeddedPostgres start() {
      try {
        return EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
      } catch (IOException | RuntimeException e) {
        failure = e.toString();
        return null;
      }
    }
  }
}
