package dev.fanfare.sharing;

import dev.fanfare.protocol.NodeId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The other nodes of a cluster, to ask them questions. Thread-safe; nothing here blocks. */
public interface Neighbours {

  /** What a question is about; each has one who answers at every node. */
  enum Topic {
    DIRECTORY,
    BLOBS,
    /** Answering it may ask further questions, of other topics. */
    ERRANDS,
    HISTORY
  }

  /** Answers questions; may block, for a short time. */
  interface Answerer {
    /** Bytes that the asker understands; what this throws is the asker's failure. */
    byte[] answer(NodeId from, byte[] question);
  }

  /** The other nodes, as far as is known now: those that hold shards first, else in any order. */
  List<NodeId> others();

  /**
   * Asks one node. The stage completes on a thread that must not be blocked; it fails when the node
   * is not there, leaves, is too busy, does not answer in time, or failed to find the answer.
   */
  CompletionStage<byte[]> ask(NodeId node, Topic topic, byte[] question);

  /** Who answers questions of a topic from now on; until then they fail at once. */
  void answer(Topic topic, Answerer answerer);

  /** Is to be told, soon, when a node has come. */
  void onArrival(Runnable listener);
}
