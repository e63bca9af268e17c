package dev.fanfare.cluster;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import dev.fanfare.shard.ShardReply;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What members send each other, made from numbers instead of class names. */
final class ClusterTypes implements DataSerializableFactory {
  static final int FACTORY = 7101;
  static final int STEP = 1;
  static final int HELD_SHARD = 2;
  static final int REMOTE_REPLY = 3;
  static final int DELIVERY = 4;
  static final int INQUIRY = 5;

  @Override
  public IdentifiedDataSerializable create(int type) {
    return switch (type) {
      case STEP -> new ShardStep();
      case HELD_SHARD -> new HeldShard();
      case REMOTE_REPLY -> new RemoteReply();
      case DELIVERY -> new Delivery();
      case INQUIRY -> new Inquiry();
      default -> throw new IllegalArgumentException("no type " + type);
    };
  }

  /** A reply on its way to the member that asked. */
  static final class RemoteReply implements IdentifiedDataSerializable {
    private @Nullable ShardReply reply;

    RemoteReply() {}

    RemoteReply(ShardReply reply) {
      this.reply = reply;
    }

    ShardReply reply() {
      return read(reply);
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
      ReplyCodec.write(out, reply());
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
      reply = ReplyCodec.read(in);
    }

    @Override
    public int getFactoryId() {
      return FACTORY;
    }

    @Override
    public int getClassId() {
      return REMOTE_REPLY;
    }
  }

  /** A field that is there once the object was read. */
  static <T> T read(@Nullable T field) {
    if (field == null) {
      throw new IllegalStateException("not read yet");
    }
    return field;
  }
}
