package dev.fanfare.sharing;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.frame.LogLine;
import dev.fanfare.ledger.LogHistory;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.sharing.Neighbours.Topic;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What functions wrote, wherever in the cluster it is kept: each line is at the node whose gateway
 * the worker had its session with, and of one invocation there may be lines at several. Blocks.
 */
public final class SharedLogs {
  /** How long other nodes may take; without those that take longer, their lines are missing. */
  static final long ANSWER_MILLIS = 2_000;

  private static final Comparator<LogLine> ORDER =
      Comparator.comparingLong(LogLine::fence).thenComparingInt(LogLine::sequence);

  private final LogHistory own;
  private final Neighbours neighbours;

  private SharedLogs(LogHistory own, Neighbours neighbours) {
    this.own = own;
    this.neighbours = neighbours;
  }

  /** Begins to answer other nodes. */
  public static SharedLogs start(LogHistory own, Neighbours neighbours) {
    var shared = new SharedLogs(own, neighbours);
    neighbours.answer(Topic.LOGS, (from, question) -> shared.answer(question));
    return shared;
  }

  /** As {@link LogHistory#read}, of the lines of all nodes that answer. */
  public List<LogLine> read(InvocationId id, long afterFence, int afterSequence, int limit) {
    byte[] question =
        Words.write(
            out -> {
              out.id(id);
              out.number(afterFence);
              out.number(afterSequence);
              out.number(limit);
            });
    List<CompletableFuture<List<LogLine>>> others =
        neighbours.others().stream()
            .map(node -> neighbours.ask(node, Topic.LOGS, question).toCompletableFuture())
            .map(
                answer ->
                    answer
                        .thenApply(bytes -> Words.read(bytes, SharedLogs::lines))
                        .exceptionally(failure -> List.of())
                        .completeOnTimeout(List.of(), ANSWER_MILLIS, TimeUnit.MILLISECONDS))
            .toList();
    List<LogLine> lines = own.read(id, afterFence, afterSequence, limit);
    if (others.isEmpty()) {
      return lines;
    }
    Stream<LogLine> theirs = others.stream().flatMap(answer -> answer.join().stream());
    return Stream.concat(lines.stream(), theirs).distinct().sorted(ORDER).limit(limit).toList();
  }

  private byte[] answer(byte[] question) {
    List<LogLine> lines =
        Words.read(question, in -> own.read(in.id(), in.number(), in.integer(), in.integer()));
    return Words.write(out -> out.list(lines, line -> write(out, line)));
  }

  private static void write(WireOutput out, LogLine line) throws IOException {
    out.id(line.id());
    out.number(line.fence());
    out.number(line.sequence());
    out.number(line.epochMicros());
    out.text(line.source());
    out.text(line.level());
    out.text(line.text());
  }

  private static List<LogLine> lines(WireInput in) throws IOException {
    return new ArrayList<>(
        in.list(
            () ->
                new LogLine(
                    in.id(),
                    in.number(),
                    in.integer(),
                    in.number(),
                    in.text(),
                    in.text(),
                    in.text())));
  }
}
