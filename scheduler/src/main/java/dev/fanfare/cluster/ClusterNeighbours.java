package dev.fanfare.cluster;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.ExecutionCallback;
import com.hazelcast.core.HazelcastInstance;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.sharing.Neighbours;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Questions by tasks that members run for each other, each topic on threads of its own, so that a
 * slow disk here holds up neither the queue nor other topics.
 */
final class ClusterNeighbours implements Neighbours {
  static final String CONTEXT_KEY = "fanfare.neighbours";

  /** The most questions of a topic that wait at a node; further ones are refused. */
  static final int MOST_WAITING = 1_000;

  /** Threads that answer, of each topic. */
  static final int THREADS = 4;

  private static final long ANSWER_SECONDS = 10;

  private final HazelcastInstance hazelcast;
  private final NodeId self;
  private final Members members;
  private final Map<Topic, Answerer> answerers = new ConcurrentHashMap<>();

  ClusterNeighbours(HazelcastInstance hazelcast, NodeId self, Members members) {
    this.hazelcast = hazelcast;
    this.self = self;
    this.members = members;
    hazelcast.getUserContext().put(CONTEXT_KEY, this);
  }

  static String executor(Topic topic) {
    return "fanfare.ask." + topic.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<NodeId> others() {
    return List.copyOf(members.byId().keySet());
  }

  @Override
  public List<NodeId> keepers() {
    return members.keepers();
  }

  @Override
  public CompletionStage<byte[]> ask(NodeId node, Topic topic, byte[] question) {
    var answer = new CompletableFuture<byte[]>();
    Member member = members.find(node);
    if (member == null) {
      answer.completeExceptionally(new IllegalStateException("node " + node + " is not here"));
      return answer;
    }
    try {
      hazelcast
          .getExecutorService(executor(topic))
          .submitToMember(new Inquiry(self, topic, question), member, new Answer(answer));
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
    return answer.orTimeout(ANSWER_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void answer(Topic topic, Answerer answerer) {
    answerers.put(topic, answerer);
  }

  /** A question came. */
  byte[] asked(NodeId from, Topic topic, byte[] question) {
    Answerer answerer = answerers.get(topic);
    if (answerer == null) {
      throw new IllegalStateException("node " + self + " answers nothing about " + topic + " yet");
    }
    return answerer.answer(from, question);
  }

  private record Answer(CompletableFuture<byte[]> answer) implements ExecutionCallback<byte[]> {
    @Override
    public void onResponse(byte[] bytes) {
      answer.complete(bytes);
    }

    @Override
    public void onFailure(Throwable failure) {
      answer.completeExceptionally(failure);
    }
  }
}
