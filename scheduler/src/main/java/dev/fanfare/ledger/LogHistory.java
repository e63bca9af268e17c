package dev.fanfare.ledger;

import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * What functions wrote, line by line. Thread-safe; {@link #append} never blocks, {@link #read}
 * does.
 */
public final class LogHistory {
  /** The most lines read at once. */
  public static final int MOST_LINES = 10_000;

  private static final String INSERT =
      "INSERT INTO logs (invocation, fence, line, written_at, source, level, text, crc) VALUES (?,"
          + " ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private final Ledger ledger;
  private final RowCounts counts;
  private final Prepared insert = new Prepared(INSERT);
  private final RowSum sum = new RowSum();

  LogHistory(Ledger ledger, RowCounts counts) {
    this.ledger = ledger;
    this.counts = counts;
  }

  /**
   * Keeps these lines; one that is kept already stays as it was. The stage completes, on a thread
   * that must not be blocked, once they are on disk; it fails with {@link LedgerException} when
   * they are not, at once when too much waits to be written.
   */
  public CompletionStage<Void> append(List<LogLine> lines) {
    List<LogLine> kept = List.copyOf(lines);
    long bytes = 0;
    for (LogLine line : kept) {
      bytes += 2L * line.text().length();
    }
    return ledger.writer().submit(kept.size(), bytes, connection -> insert(connection, kept));
  }

  /**
   * An invocation's lines after the one of this fence and sequence number (0 and 0 for all), in
   * order of attempts and within them as written.
   *
   * @param limit at most this many, 1 to {@link #MOST_LINES}
   */
  public List<LogLine> read(InvocationId id, long afterFence, int afterSequence, int limit) {
    if (limit < 1 || limit > MOST_LINES) {
      throw new IllegalArgumentException("limit is 1 to " + MOST_LINES + ", not " + limit);
    }
    return ledger.read(
        connection ->
            Sql.query(
                    connection,
                    "SELECT * FROM logs WHERE invocation = ? AND (fence, line) > (?, ?)"
                        + " ORDER BY fence, line LIMIT ?",
                    ledger.whole(LogHistory::line),
                    Ids.bytes(id),
                    afterFence,
                    afterSequence,
                    limit)
                .stream()
                .flatMap(Optional::stream)
                .toList());
  }

  private void insert(Connection connection, List<LogLine> lines) throws SQLException {
    PreparedStatement statement = insert.on(connection);
    for (LogLine line : lines) {
      byte[] id = Ids.bytes(line.id());
      String source = Sql.text(line.source());
      String level = Sql.text(line.level());
      String text = Sql.text(line.text());
      statement.setBytes(1, id);
      statement.setLong(2, line.fence());
      statement.setInt(3, line.sequence());
      statement.setLong(4, line.epochMicros());
      statement.setString(5, source);
      statement.setString(6, level);
      statement.setString(7, text);
      sum.begin().add(id).add(line.fence()).add(line.sequence()).add(line.epochMicros());
      statement.setLong(8, sum.add(source).add(level).add(text).value());
      statement.addBatch();
    }
    counts.add(RowCounts.Table.LOGS, Arrays.stream(statement.executeBatch()).sum());
  }

  private static LogLine line(ResultSet row) throws SQLException {
    byte[] id = row.getBytes("invocation");
    var sum = new RowSum().begin().add(id).add(row.getLong("fence")).add(row.getInt("line"));
    sum.add(row.getLong("written_at")).add(row.getString("source")).add(row.getString("level"));
    sum.add(row.getString("text"))
        .compare(row, "crc", "logs", Ids.text(id) + ", line " + row.getInt("line"));
    return new LogLine(
        Ids.id(row.getBytes("invocation")),
        row.getLong("fence"),
        row.getInt("line"),
        row.getLong("written_at"),
        row.getString("source"),
        row.getString("level"),
        row.getString("text"));
  }
}
