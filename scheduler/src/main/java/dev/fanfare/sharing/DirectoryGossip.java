package dev.fanfare.sharing;

import dev.fanfare.directory.Directory;
import dev.fanfare.encoding.WireInput;
import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.sharing.Neighbours.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the directories of all nodes alike. What is written here is offered to every other node at
 * once, and the writer waits until they have it, for a bounded time. Behind that, every node
 * compares with each other node now and then and exchanges what differs: that is how a node that
 * was away, or did not hear, gets everything, whoever wrote it.
 */
public final class DirectoryGossip {
  /** How long a writer waits for the other nodes; those that are slower get it later. */
  public static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  /** How long a node that comes tries to hear from the others. */
  private static final Duration LONGEST_CATCH_UP = Duration.ofSeconds(20);

  private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();

  /** About the most bytes of one answer. */
  static final int BYTES_PER_ANSWER = 4 << 20;

  /** The most rounds of one comparison. */
  private static final int MOST_ROUNDS = 1_000;

  private static final Logger log = LoggerFactory.getLogger(DirectoryGossip.class);

  private final Directory directory;
  private final Neighbours neighbours;

  /** What one node asks another. */
  private enum Question {
    /** The sender's rows; answered with nothing once they are kept. */
    TAKE,
    /** Answered with the digest. */
    DIGEST,
    /**
     * The heads of all the sender's rows; answered with rows that are newer, and heads of older.
     */
    COMPARE
  }

  /** What a comparison brought: rows the asker lacks, and heads of those that the other lacks. */
  private record Difference(List<Row> news, List<Row> lacking, boolean whole) {}

  private DirectoryGossip(Directory directory, Neighbours neighbours) {
    this.directory = directory;
    this.neighbours = neighbours;
  }

  /** Begins to answer and to offer what is written. */
  public static DirectoryGossip start(Directory directory, Neighbours neighbours) {
    var gossip = new DirectoryGossip(directory, neighbours);
    neighbours.answer(Topic.DIRECTORY, gossip::answer);
    directory.offerTo(gossip::offer);
    return gossip;
  }

  /**
   * Gets from the others what they know, before this node serves anybody. Blocks.
   *
   * @return false if there are others and none of them told in time
   */
  public boolean catchUp() {
    long end = System.nanoTime() + LONGEST_CATCH_UP.toNanos();
    while (exchange() == 0 && !neighbours.others().isEmpty()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }

  /**
   * Compares with every other node, one after the other, and exchanges what differs. Blocks.
   *
   * @return with how many of them that succeeded
   */
  public int exchange() {
    int done = 0;
    for (NodeId node : neighbours.others()) {
      try {
        exchange(node);
        done++;
      } catch (CompletionException e) {
        log.info(
            "the directory could not be compared with {}: {}", node, String.valueOf(e.getCause()));
      }
    }
    return done;
  }

  // ---- asking ----

  private void offer(List<Row> written) {
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.TAKE);
              Rows.write(out, written);
            });
    List<CompletableFuture<byte[]>> taken = new ArrayList<>();
    for (NodeId node : neighbours.others()) {
      taken.add(
          neighbours
              .ask(node, Topic.DIRECTORY, question)
              .toCompletableFuture()
              .whenComplete(
                  (answer, failure) -> {
                    if (failure != null) {
                      log.info(
                          "{} did not take a change; it gets it later: {}",
                          node,
                          failure.toString());
                    }
                  }));
    }
    CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new))
        .exceptionally(failure -> null)
        .completeOnTimeout(null, LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }

  private void exchange(NodeId node) {
    List<Row> pushed = List.of();
    for (int round = 0; round < MOST_ROUNDS && !same(node); round++) {
      Difference difference = compare(node);
      int merged = directory.merge(difference.news);
      push(node, difference.lacking);
      if (difference.whole && merged == 0 && difference.lacking.equals(pushed)) {
        return; // somebody wrote just now, or forgets a little sooner than another
      }
      pushed = difference.lacking;
    }
  }

  private boolean same(NodeId node) {
    byte[] theirs = await(ask(node, Words.write(out -> out.kind(Question.DIGEST))));
    return Arrays.equals(theirs, directory.digest());
  }

  private Difference compare(NodeId node) {
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.COMPARE);
              Rows.writeHeads(out, List.copyOf(directory.rows()));
            });
    return Words.read(
        await(ask(node, question)),
        in -> new Difference(Rows.read(in), Rows.readHeads(in), in.bool()));
  }

  private void push(NodeId node, List<Row> heads) {
    Map<String, Row> own = new HashMap<>();
    directory.rows().forEach(row -> own.put(row.key(), row));
    List<Row> all = heads.stream().map(head -> own.get(head.key())).filter(r -> r != null).toList();
    for (int from = 0; from < all.size(); ) {
      List<Row> part = some(all.subList(from, all.size()));
      from += part.size();
      byte[] question =
          Words.write(
              out -> {
                out.kind(Question.TAKE);
                Rows.write(out, part);
              });
      await(ask(node, question));
    }
  }

  private CompletionStage<byte[]> ask(NodeId node, byte[] question) {
    return neighbours.ask(node, Topic.DIRECTORY, question);
  }

  private static byte[] await(CompletionStage<byte[]> answer) {
    return answer.toCompletableFuture().join();
  }

  // ---- answering ----

  private byte[] answer(NodeId from, byte[] question) {
    return Words.read(
        question,
        in ->
            switch (in.kind(Question.values())) {
              case TAKE -> take(in);
              case DIGEST -> directory.digest();
              case COMPARE -> difference(Rows.readHeads(in));
            });
  }

  private byte[] take(WireInput in) throws IOException {
    directory.merge(Rows.read(in));
    return new byte[0];
  }

  private byte[] difference(List<Row> theirs) {
    Map<String, Row> heads = new HashMap<>();
    theirs.forEach(head -> heads.put(head.key(), head));
    List<Row> news = new ArrayList<>();
    for (Row row : directory.rows()) {
      Row head = heads.remove(row.key());
      if (head == null || row.after(head)) {
        news.add(row);
      } else if (head.after(row)) {
        heads.put(row.key(), head);
      }
    }
    List<Row> part = some(news);
    return Words.write(
        out -> {
          Rows.write(out, part);
          Rows.writeHeads(out, List.copyOf(heads.values()));
          out.bool(part.size() == news.size());
        });
  }

  /** As many of the first as make one letter. */
  private static List<Row> some(List<Row> rows) {
    List<Row> part = new ArrayList<>();
    long bytes = 0;
    for (Row row : rows) {
      if (bytes > BYTES_PER_ANSWER) {
        break;
      }
      part.add(row);
      bytes += row.key().length() + (row.value() == null ? 0 : row.value().length);
    }
    return part;
  }
}
