package dev.fanfare.sharing;

import dev.fanfare.protocol.NodeId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The other nodes of a cluster, to ask them questions. Thread-safe; nothing here blocks. */
public interface Neighbours {

  /** What a question is about; each has one who answers at every node. */
  enum Topic {
    DIRECTORY,
    BLOBS,
    LOGS,
    /** Answering it may ask further questions, of other topics. */
    ERRANDS,
    INVOCATIONS,
    BURSTS,
    STATISTICS,
    WORKERS,
    LETTERS
  }

  /** Answers questions; may block, for a short time. */
  interface Answerer {
    /** Bytes that the asker understands; what this throws is the asker's failure. */
    byte[] answer(NodeId from, byte[] question);
  }

  /** The other nodes, as far as is known now. */
  List<NodeId> others();

  /** Those of the others that hold shards, or all where none does: the best to keep copies at. */
  List<NodeId> keepers();

  /**
   * Asks one node. The stage completes on a thread that must not be blocked; it fails when the node
   * is not there, leaves, is too busy, does not answer in time, or failed to find the answer.
   */
  CompletionStage<byte[]> ask(NodeId node, Topic topic, byte[] question);

  /** Who answers questions of a topic from now on; until then they fail at once. */
  void answer(Topic topic, Answerer answerer);

  /** Nobody: a node that is a cluster of its own, as one without others answers. */
  static Neighbours none() {
    return new Neighbours() {
      @Override
      public List<NodeId> others() {
        return List.of();
      }

      @Override
      public List<NodeId> keepers() {
        return List.of();
      }

      @Override
      public CompletionStage<byte[]> ask(NodeId node, Topic topic, byte[] question) {
        return CompletableFuture.failedFuture(new IllegalStateException("no node " + node));
      }

      @Override
      public void answer(Topic topic, Answerer answerer) {}
    };
  }
}
