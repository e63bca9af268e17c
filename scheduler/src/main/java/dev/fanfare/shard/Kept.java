package dev.fanfare.shard;

import dev.fanfare.protocol.InvocationRecord;
import org.jspecify.annotations.Nullable;

/** The record of an ended invocation, kept until the ledger has it. */
final class Kept implements Identified {
  final InvocationRecord record;

  /** Neighbours among the {@link KeptRecords} of its kind. */
  @Nullable Kept older;

  @Nullable Kept newer;

  Kept(InvocationRecord record) {
    this.record = record;
  }

  @Override
  public long high() {
    return record.id().high();
  }

  @Override
  public long low() {
    return record.id().low();
  }
}
