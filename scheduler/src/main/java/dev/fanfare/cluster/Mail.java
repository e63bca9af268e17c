package dev.fanfare.cluster;

import dev.fanfare.protocol.NodeId;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/**
 * Letters between the nodes of a cluster: bytes that a sender and a receiver of one release
 * understand. Thread-safe; nothing here blocks.
 */
public interface Mail {

  /** The other nodes of the cluster, as far as is known now. */
  Set<NodeId> others();

  /**
   * Sends a letter. The stage completes, on a thread that must not be blocked, once the receiver
   * has taken it in, and fails when it is not known to have. Letters to one node arrive in order.
   */
  CompletionStage<Void> send(NodeId to, byte[] letter);

  /** Sends a letter to all others, without knowing whether it arrives. */
  default void sendAll(byte[] letter) {
    others().forEach(node -> send(node, letter));
  }

  /** Who takes in what comes from now on; until then, letters are refused. Must not block. */
  void receive(BiConsumer<NodeId, byte[]> receiver);
}
