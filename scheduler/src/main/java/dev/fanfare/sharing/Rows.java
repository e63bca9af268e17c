package dev.fanfare.sharing;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.ledger.DirectoryTable.Row;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Rows of the directory as bytes. */
final class Rows {
  private Rows() {}

  static void write(WireOutput out, List<Row> rows) throws IOException {
    out.list(
        rows,
        row -> {
          writeHead(out, row);
          out.optional(Optional.ofNullable(row.value()), out::bytes);
        });
  }

  static List<Row> read(WireInput in) throws IOException {
    return in.list(
        () -> {
          Row head = readHead(in);
          return new Row(head.key(), head.time(), head.node(), in.optional(in::bytes).orElse(null));
        });
  }

  /** Keys and versions alone. */
  static void writeHeads(WireOutput out, List<Row> rows) throws IOException {
    out.list(rows, row -> writeHead(out, row));
  }

  static List<Row> readHeads(WireInput in) throws IOException {
    return in.list(() -> readHead(in));
  }

  private static void writeHead(WireOutput out, Row row) throws IOException {
    out.text(row.key());
    out.number(row.time());
    out.text(row.node());
  }

  private static Row readHead(WireInput in) throws IOException {
    return new Row(in.text(), in.number(), in.text(), null);
  }
}
