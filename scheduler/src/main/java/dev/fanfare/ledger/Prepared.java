package dev.fanfare.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A statement that is prepared once, on the writing connection. For the writing thread only. */
final class Prepared {
  private final String sql;
  private @Nullable Connection prepared;
  private @Nullable PreparedStatement statement;

  Prepared(String sql) {
    this.sql = sql;
  }

  /** The statement, with an empty batch; prepared anew when the connection is another. */
  @SuppressWarnings("ReferenceEquality") // the connection at hand
  PreparedStatement on(Connection connection) throws SQLException {
    PreparedStatement known = statement;
    if (known == null || prepared != connection) {
      known = connection.prepareStatement(sql);
      statement = known;
      prepared = connection;
    } else {
      known.clearBatch();
    }
    return known;
  }
}
