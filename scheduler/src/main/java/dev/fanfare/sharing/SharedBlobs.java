package dev.fanfare.sharing;

import dev.fanfare.blob.BlobException;
import dev.fanfare.blob.BlobWriter;
import dev.fanfare.blob.Blobs;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.sharing.Neighbours.Topic;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds blobs at whichever node has them, and sees to it that each is at two: a blob that comes to
 * be at a node is copied to another before it counts as kept, so that it is found while any one
 * node is down. Blocks.
 */
public final class SharedBlobs implements Blobs.Elsewhere {
  /** The largest piece that travels at once. */
  static final int PIECE_BYTES = 1 << 20;

  /** How long another node may take to say whether it has a blob. */
  static final long LOOK_MILLIS = 2_000;

  /** How long a copy may take; a slower one goes on, and the blob counts as kept. */
  static final long COPY_SECONDS = 10;

  private static final long ABSENT = -1;
  private static final Logger log = LoggerFactory.getLogger(SharedBlobs.class);

  private final Blobs blobs;
  private final Neighbours neighbours;
  private final ConcurrentMap<Sha256, CompletableFuture<Boolean>> coming =
      new ConcurrentHashMap<>();
  private final AtomicInteger turn = new AtomicInteger();

  /** What one node asks another. */
  private enum Question {
    /** How many bytes a blob has; less than none if it is not here. */
    SIZE,
    /** A piece of a blob. */
    READ
  }

  private SharedBlobs(Blobs blobs, Neighbours neighbours) {
    this.blobs = blobs;
    this.neighbours = neighbours;
  }

  /** Begins to answer other nodes, and to ask them. */
  public static SharedBlobs start(Blobs blobs, Neighbours neighbours) {
    var shared = new SharedBlobs(blobs, neighbours);
    neighbours.answer(Topic.BLOBS, (from, question) -> shared.answer(question));
    neighbours.answer(Topic.ERRANDS, shared::fetchFor);
    blobs.shareWith(shared);
    return shared;
  }

  /** Brings those of these here that are not; tells how many came. */
  public int bringAll(Collection<Sha256> wanted) {
    int came = 0;
    for (Sha256 hash : wanted) {
      if (!blobs.has(hash) && !neighbours.others().isEmpty() && bring(hash)) {
        came++;
      }
    }
    return came;
  }

  @Override
  public void copy(Sha256 hash) {
    List<NodeId> keepers = neighbours.keepers();
    int first = turn.getAndIncrement();
    for (int i = 0; i < keepers.size(); i++) {
      NodeId keeper = keepers.get(Math.floorMod(first + i, keepers.size()));
      try {
        await(
            neighbours.ask(keeper, Topic.ERRANDS, Words.write(out -> out.hash(hash))),
            TimeUnit.SECONDS.toMillis(COPY_SECONDS));
        return;
      } catch (CompletionException e) {
        log.warn(
            "{} took no copy of blob {}: {}", keeper, hash.brief(), String.valueOf(e.getCause()));
      }
    }
  }

  @Override
  public boolean bring(Sha256 hash) {
    var mine = new CompletableFuture<Boolean>();
    CompletableFuture<Boolean> underWay = coming.putIfAbsent(hash, mine);
    if (underWay != null) {
      return underWay.join();
    }
    boolean here = false;
    try {
      here = bringFrom(neighbours.others(), hash);
    } finally {
      coming.remove(hash);
      mine.complete(here);
    }
    return here;
  }

  // ---- asking ----

  private boolean bringFrom(List<NodeId> nodes, Sha256 hash) {
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.SIZE);
              out.hash(hash);
            });
    List<CompletableFuture<Long>> sizes =
        nodes.stream()
            .map(node -> neighbours.ask(node, Topic.BLOBS, question).toCompletableFuture())
            .map(answer -> answer.thenApply(bytes -> Words.read(bytes, in -> in.number())))
            .toList();
    for (int i = 0; i < nodes.size(); i++) {
      long size =
          sizes
              .get(i)
              .exceptionally(f -> ABSENT)
              .completeOnTimeout(ABSENT, LOOK_MILLIS, TimeUnit.MILLISECONDS)
              .join();
      if (size != ABSENT && pull(nodes.get(i), hash, size)) {
        return true;
      }
    }
    return false;
  }

  private boolean pull(NodeId node, Sha256 hash, long size) {
    try (BlobWriter writer = blobs.write()) {
      while (writer.size() < size) {
        long offset = writer.size();
        byte[] piece =
            await(
                neighbours.ask(
                    node,
                    Topic.BLOBS,
                    Words.write(
                        out -> {
                          out.kind(Question.READ);
                          out.hash(hash);
                          out.number(offset);
                        })),
                TimeUnit.SECONDS.toMillis(COPY_SECONDS));
        if (piece.length == 0) {
          return false;
        }
        writer.write(piece, 0, piece.length);
      }
      return writer.commitHere().equals(hash);
    } catch (CompletionException | BlobException e) {
      log.warn("blob {} could not be brought from {}: {}", hash.brief(), node, e.toString());
      return false;
    }
  }

  private static <T> T await(CompletionStage<T> stage, long millis) {
    return stage.toCompletableFuture().orTimeout(millis, TimeUnit.MILLISECONDS).join();
  }

  // ---- answering ----

  private byte[] answer(byte[] asked) {
    return Words.read(
        asked,
        in ->
            switch (in.kind(Question.values())) {
              case SIZE -> size(in.hash());
              case READ -> blobs.readHere(in.hash(), in.number(), PIECE_BYTES);
            });
  }

  private byte[] size(Sha256 hash) {
    long size = blobs.has(hash) ? blobs.size(hash) : ABSENT;
    return Words.write(out -> out.number(size));
  }

  /** Another node has a blob and wants it to be here, too. */
  private byte[] fetchFor(NodeId from, byte[] asked) {
    Sha256 hash = Words.read(asked, in -> in.hash());
    if (!blobs.has(hash) && !bringFrom(List.of(from), hash)) {
      throw new IllegalStateException("blob " + hash.brief() + " could not be copied");
    }
    return new byte[0];
  }
}
