package dev.fanfare.session;

import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/** A subscription to what one invocation writes, until it is closed. */
public final class LogTail implements AutoCloseable {
  private static final Comparator<LogLine> ORDER =
      Comparator.comparingLong(LogLine::fence).thenComparingInt(LogLine::sequence);

  private final InvocationId id;
  private final Consumer<List<LogLine>> lines;
  private final Consumer<LogTail> leave;
  private final List<LogLine> early = new ArrayList<>();
  private long fence;
  private int sequence;
  private boolean live;
  private volatile boolean closed;

  LogTail(
      InvocationId id,
      long afterFence,
      int afterSequence,
      Consumer<List<LogLine>> lines,
      Consumer<LogTail> leave) {
    this.id = id;
    this.fence = afterFence;
    this.sequence = afterSequence;
    this.lines = lines;
    this.leave = leave;
  }

  /** No more lines from here on; closing twice does nothing. From any thread. */
  @Override
  public void close() {
    closed = true;
    leave.accept(this);
  }

  InvocationId id() {
    return id;
  }

  long fence() {
    return fence;
  }

  int sequence() {
    return sequence;
  }

  /** The lines that were kept before; from now on new ones are handed over as they come. */
  void caughtUp(List<LogLine> kept) {
    live = true;
    handOver(kept);
    handOver(early);
    early.clear();
  }

  void came(List<LogLine> some) {
    if (live) {
      handOver(some);
    } else {
      early.addAll(some);
    }
  }

  private void handOver(List<LogLine> some) {
    List<LogLine> news = some.stream().filter(this::isNews).sorted(ORDER).toList();
    if (!news.isEmpty() && !closed) {
      fence = news.getLast().fence();
      sequence = news.getLast().sequence();
      lines.accept(news);
    }
  }

  private boolean isNews(LogLine line) {
    return line.fence() > fence || line.fence() == fence && line.sequence() > sequence;
  }
}
