package dev.fanfare.cluster;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.fanfare.protocol.NodeId;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** A letter on its way; runs at its receiver. */
final class Delivery
    implements Callable<Boolean>, IdentifiedDataSerializable, HazelcastInstanceAware {
  private @Nullable NodeId from;
  private byte[] letter = {};
  private transient @Nullable HazelcastInstance here;

  Delivery() {}

  Delivery(NodeId from, byte[] letter) {
    this.from = from;
    this.letter = letter;
  }

  @Override
  public Boolean call() {
    Object mail = ClusterTypes.read(here).getUserContext().get(ClusterMail.CONTEXT_KEY);
    if (!(mail instanceof ClusterMail receiver)) {
      throw new IllegalStateException("this node takes no letters yet");
    }
    receiver.delivered(ClusterTypes.read(from), letter);
    return true;
  }

  @Override
  public void setHazelcastInstance(HazelcastInstance instance) {
    here = instance;
  }

  @Override
  public void writeData(ObjectDataOutput out) throws IOException {
    out.writeString(ClusterTypes.read(from).value());
    out.writeByteArray(letter);
  }

  @Override
  public void readData(ObjectDataInput in) throws IOException {
    from = new NodeId(ClusterTypes.read(in.readString()));
    letter = ClusterTypes.read(in.readByteArray());
  }

  @Override
  public int getFactoryId() {
    return ClusterTypes.FACTORY;
  }

  @Override
  public int getClassId() {
    return ClusterTypes.DELIVERY;
  }
}
