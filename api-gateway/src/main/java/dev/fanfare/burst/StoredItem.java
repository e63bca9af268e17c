package dev.fanfare.burst;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.sharing.Words;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An item of a burst as it is kept: its bytes, or why it cannot be run.
 *
 * @param line of the request that it stood in, 0 where there are no lines
 */
record StoredItem(long index, long line, byte[] bytes, @Nullable Fault refused) {
  private static final int BYTES_BESIDES = 48;

  /** About how many bytes of memory it takes. */
  long size() {
    return (long) bytes.length + BYTES_BESIDES;
  }

  static byte[] write(List<StoredItem> items) {
    return Words.write(
        out ->
            out.list(
                items,
                item -> {
                  out.number(item.index);
                  out.number(item.line);
                  Fault fault = item.refused;
                  out.bool(fault != null);
                  if (fault == null) {
                    out.bytes(item.bytes);
                  } else {
                    out.text(fault.type());
                    out.text(fault.message());
                  }
                }));
  }

  static List<StoredItem> read(byte[] page) {
    return Words.read(
        page,
        in ->
            new ArrayList<>(
                in.list(
                    () -> {
                      long index = in.number();
                      long line = in.number();
                      return in.bool()
                          ? new StoredItem(
                              index,
                              line,
                              new byte[0],
                              new Fault(FailureCode.REJECTED, in.text(), in.text(), "", 0))
                          : new StoredItem(index, line, in.bytes(), null);
                    })));
  }
}
