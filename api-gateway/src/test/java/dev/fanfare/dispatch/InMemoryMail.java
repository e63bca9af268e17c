package dev.fanfare.dispatch;

import dev.fanfare.cluster.Mail;
import dev.fanfare.protocol.NodeId;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Mail between dispatchers of one test. Thread-safe. */
final class InMemoryMail implements Mail {
  private final NodeId self;
  private final Map<NodeId, InMemoryMail> all;
  private volatile BiConsumer<NodeId, byte[]> receiver = (from, letter) -> {};
  private volatile boolean refusing;

  /** The mail of a node, with the others that share the map. */
  InMemoryMail(NodeId self, Map<NodeId, InMemoryMail> all) {
    this.self = self;
    this.all = all;
    all.put(self, this);
  }

  static InMemoryMail alone(NodeId self) {
    return new InMemoryMail(self, new ConcurrentHashMap<>());
  }

  /** Letters to this node are refused, or taken again. */
  void refuse(boolean now) {
    refusing = now;
  }

  @Override
  public Set<NodeId> others() {
    return all.keySet().stream()
        .filter(node -> !node.equals(self))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public CompletionStage<Void> send(NodeId to, byte[] letter) {
    InMemoryMail other = all.get(to);
    if (other == null || other.refusing) {
      return CompletableFuture.failedFuture(new IllegalStateException("not delivered"));
    }
    other.receiver.accept(self, letter);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void receive(BiConsumer<NodeId, byte[]> to) {
    receiver = to;
  }
}
