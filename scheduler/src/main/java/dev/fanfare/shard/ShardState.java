package dev.fanfare.shard;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A whole shard as bytes, to move it between members of one software version. What is read back
 * answers every batch as the shard that was written would have.
 */
public final class ShardState {
  private ShardState() {}

  /** Writes everything the shard holds; the shard stays as it is. */
  public static void write(Shard shard, DataOutput data) throws IOException {
    var out = new WireOutput(data);
    out.number(shard.number());
    write(out, shard.limits());
    new StateWriter(out).write(shard.holdings());
  }

  /**
   * Reads a shard that {@link #write} wrote.
   *
   * @throws IOException if the bytes are of another version or cut off
   */
  public static Shard read(DataInput data) throws IOException {
    var in = new WireInput(data);
    int number = in.integer();
    ShardLimits limits = limits(in);
    var holdings = new Holdings(limits);
    var shard = new Shard(number, limits, holdings);
    new StateReader(in, holdings, shard.lifecycle()).read();
    return shard;
  }

  private static void write(WireOutput out, ShardLimits limits) throws IOException {
    out.number(limits.waiting());
    out.number(limits.waitingBytes());
    out.number(limits.losses());
    out.duration(limits.firstBackoff());
    out.duration(limits.longestBackoff());
    out.duration(limits.agingPerPriority());
  }

  private static ShardLimits limits(WireInput in) throws IOException {
    return new ShardLimits(
        in.integer(), in.number(), in.integer(), in.duration(), in.duration(), in.duration());
  }
}
