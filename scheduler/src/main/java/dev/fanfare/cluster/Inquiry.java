package dev.fanfare.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.sharing.Neighbours.Topic;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A question on its way; runs at the node that is to answer. */
final class Inquiry
    implements Callable<byte[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
  private @Nullable NodeId from;
  private Topic topic = Topic.DIRECTORY;
  private byte[] question = {};
  private transient @Nullable HazelcastInstance here;

  Inquiry() {}

  Inquiry(NodeId from, Topic topic, byte[] question) {
    this.from = from;
    this.topic = topic;
    this.question = question;
  }

  @Override
  public byte[] call() {
    Object answering = ClusterTypes.read(here).getUserContext().get(ClusterNeighbours.CONTEXT_KEY);
    if (!(answering instanceof ClusterNeighbours neighbours)) {
      throw new IllegalStateException("this node answers no questions yet");
    }
    return neighbours.asked(ClusterTypes.read(from), topic, question);
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    here = instance;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(ClusterTypes.read(from).value());
    out.writeString(topic.name());
    out.writeByteArray(question);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    from = new NodeId(ClusterTypes.read(in.readString()));
    topic = Topic.valueOf(ClusterTypes.read(in.readString()));
    question = ClusterTypes.read(in.readByteArray());
  }

  @Override
  public int getFactoryId() {
    return ClusterTypes.FACTORY;
  }

  @Override
  public int getClassId() {
    return ClusterTypes.INQUIRY;
  }
}
