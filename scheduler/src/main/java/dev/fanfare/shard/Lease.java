package dev.fanfare.shard;

import dev.fanfare.protocol.WorkerId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The latest lease of an invocation. It stays with it after it was given back, for its fence. */
final class Lease {
  final Entry entry;
  final long fence;
  final long startedAt;
  final Optional<WorkerId> worker;

  /** Who holds it; none once it was given back, lost or taken away. */
  @Nullable Session holder;

  /** Neighbours among the holder's leases. */
  @Nullable Lease previous;

  @Nullable Lease next;

  Lease(Entry entry, long fence, long startedAt, Optional<WorkerId> worker) {
    this.entry = entry;
    this.fence = fence;
    this.startedAt = startedAt;
    this.worker = worker;
  }
}
