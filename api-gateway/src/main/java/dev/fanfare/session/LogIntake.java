package dev.fanfare.session;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.dispatch.WorkerSession;
import dev.fanfare.frame.LogLine;
import dev.fanfare.ledger.LogHistory;
import dev.fanfare.protocol.InvocationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the lines that functions write: refuses those of attempts that are not the session's, keeps
 * the others, tells those who follow.
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
    }
  }

  LogTail follow(InvocationId id, Runnable news) {
    var tail = new LogTail(id, news, this::leave);
    dispatcher.run(() -> begin(tail));
    return tail;
  }

  /** Runs it once the lines that have come by now are kept, or lost. */
  void whenKept(Runnable next) {
    dispatcher.run(() -> kept.whenComplete((nothing, failure) -> next.run()));
  }

  private void leave(LogTail tail) {
    dispatcher.run(
        () ->
            tails.computeIfPresent(
                tail.id(),
                (id, others) -> others.remove(tail) && others.isEmpty() ? null : others));
  }

  /** Lines that are on their way to the disk are news, too. */
  private void begin(LogTail tail) {
    tails.computeIfAbsent(tail.id(), id -> new ArrayList<>(1)).add(tail);
    kept.whenComplete((nothing, failure) -> dispatcher.run(tail::tell));
  }

  private void keep(List<LogLine> lines) {
    kept = history.append(lines);
    List<LogTail> followers = followers(lines);
    kept.whenComplete(
        (nothing, failure) -> {
          if (failure != null) {
            dispatcher.run(() -> lost(lines.size(), failure));
          } else if (!followers.isEmpty()) {
            dispatcher.run(() -> followers.forEach(LogTail::tell));
          }
        });
  }

  private List<LogTail> followers(List<LogLine> lines) {
    return tails.isEmpty()
        ? List.of()
        : lines.stream()
            .map(LogLine::id)
            .distinct()
            .flatMap(id -> tails.getOrDefault(id, List.of()).stream())
            .toList();
  }

  private void lost(int lines, Throwable failure) {
    if (dropped == 0) {
      log.warn("log lines could not be kept; further ones are only counted", failure);
    }
    dropped += lines;
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
