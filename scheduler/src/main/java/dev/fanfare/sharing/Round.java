package dev.fanfare.sharing;

import dev.fanfare.protocol.NodeId;
import dev.fanfare.sharing.Neighbours.Topic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What all other nodes answered to one question.
 *
 * @param silent those that did not answer in time, or could not; what they have is missing
 */
public record Round(List<byte[]> answers, List<NodeId> silent) {
  /** How long nodes may take. */
  public static final long ANSWER_MILLIS = 2_000;

  /** Asks all of them at once. Blocks for {@link #ANSWER_MILLIS} at most. */
  public static Round ask(Neighbours neighbours, Topic topic, byte[] question) {
    Map<NodeId, CompletableFuture<Optional<byte[]>>> asked = new LinkedHashMap<>();
    for (NodeId node : neighbours.others()) {
      asked.put(
          node,
          neighbours
              .ask(node, topic, question)
              .toCompletableFuture()
              .thenApply(Optional::of)
              .exceptionally(failure -> Optional.empty())
              .completeOnTimeout(Optional.empty(), ANSWER_MILLIS, TimeUnit.MILLISECONDS));
    }
    List<byte[]> answers = new ArrayList<>();
    List<NodeId> silent = new ArrayList<>();
    asked.forEach(
        (node, answer) -> answer.join().ifPresentOrElse(answers::add, () -> silent.add(node)));
    return new Round(answers, silent);
  }
}
