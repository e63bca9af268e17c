package dev.fanfare.session;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.dispatch.WorkerSession;
import dev.fanfare.frame.LogLine;
import dev.fanfare.ledger.LogHistory;
import dev.fanfare.protocol.InvocationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lines that functions write: refuses those of attempts that are not the session's, keeps
 * the others, shows them to whoever follows.
 */
final class LogIntake {
  private static final Logger log = LoggerFactory.getLogger(LogIntake.class);
  private static final int LONGEST_SOURCE = 16;

  private final Dispatcher dispatcher;
  private final LogHistory history;
  private final Map<InvocationId, List<LogTail>> tails = new HashMap<>();
  private CompletionStage<Void> kept = CompletableFuture.completedFuture(null);
  private long dropped;

  LogIntake(Dispatcher dispatcher, LogHistory history) {
    this.dispatcher = dispatcher;
    this.history = history;
  }

  void take(WorkerSession worker, List<LogLine> lines) {
    List<LogLine> own = new ArrayList<>(lines.size());
    for (LogLine line : lines) {
      if (line.sequence() >= 1
          && line.sequence() <= LogLine.LINES_PER_ATTEMPT
          && worker.held(line.id(), line.fence())) {
        own.add(cut(line));
      }
    }
    if (!own.isEmpty()) {
      keep(own);
      show(own);
    }
  }

  LogTail follow(
      InvocationId id, long afterFence, int afterSequence, Consumer<List<LogLine>> lines) {
    var tail = new LogTail(id, afterFence, afterSequence, lines, this::leave);
    dispatcher.run(() -> begin(tail));
    return tail;
  }

  private void leave(LogTail tail) {
    dispatcher.run(
        () ->
            tails.computeIfPresent(
                tail.id(),
                (id, others) -> others.remove(tail) && others.isEmpty() ? null : others));
  }

  /** What comes from now on is held back until what was kept before is read. */
  private void begin(LogTail tail) {
    tails.computeIfAbsent(tail.id(), id -> new ArrayList<>(1)).add(tail);
    kept.whenComplete(
        (nothing, failure) -> Thread.ofVirtual().name("log-tail").start(() -> read(tail)));
  }

  private void read(LogTail tail) {
    List<LogLine> page;
    try {
      page = history.read(tail.id(), tail.fence(), tail.sequence(), LogHistory.MOST_LINES);
    } catch (RuntimeException e) {
      log.warn("the log of {} could not be read", tail.id(), e);
      page = List.of();
    }
    List<LogLine> lines = page;
    dispatcher.run(() -> tail.caughtUp(lines));
  }

  private void keep(List<LogLine> lines) {
    kept = history.append(lines);
    kept.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            dispatcher.run(() -> lost(lines.size(), failure));
          }
        });
  }

  private void lost(int lines, Throwable failure) {
    if (dropped == 0) {
      log.warn("log lines could not be kept; further ones are only counted", failure);
    }
    dropped += lines;
  }

  private void show(List<LogLine> lines) {
    if (tails.isEmpty()) {
      return;
    }
    Map<InvocationId, List<LogLine>> byInvocation = new LinkedHashMap<>();
    for (LogLine line : lines) {
      if (tails.containsKey(line.id())) {
        byInvocation.computeIfAbsent(line.id(), id -> new ArrayList<>()).add(line);
      }
    }
    byInvocation.forEach(
        (id, some) -> List.copyOf(tails.getOrDefault(id, List.of())).forEach(t -> t.came(some)));
  }

  private static LogLine cut(LogLine line) {
    if (line.text().length() <= LogLine.TEXT_LIMIT
        && line.source().length() <= LONGEST_SOURCE
        && line.level().length() <= LONGEST_SOURCE) {
      return line;
    }
    return new LogLine(
        line.id(),
        line.fence(),
        line.sequence(),
        line.epochMicros(),
        first(line.source(), LONGEST_SOURCE),
        first(line.level(), LONGEST_SOURCE),
        first(line.text(), LogLine.TEXT_LIMIT));
  }

  private static String first(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit);
  }
}
