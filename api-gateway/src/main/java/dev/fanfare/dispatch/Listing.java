package dev.fanfare.dispatch;

import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.TenantId;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Puts one list together of what shards and history have; of one invocation, its end counts. */
final class Listing {
  /** The most records asked of one shard. */
  static final int MOST_OF_A_SHARD = 1_000;

  private static final Comparator<InvocationRecord> NEWEST_FIRST =
      Comparator.comparing(InvocationRecord::id).reversed();

  private final TenantId tenant;
  private final InvocationFilter filter;
  private final Map<InvocationId, InvocationRecord> found = new HashMap<>();

  Listing(TenantId tenant, InvocationFilter filter) {
    this.tenant = tenant;
    this.filter = filter;
  }

  void add(List<InvocationRecord> records) {
    records.forEach(this::add);
  }

  /** Takes the place of what was added before, unless that had ended. */
  void add(InvocationRecord record) {
    if (record.tenant().equals(tenant)) {
      found.merge(record.id(), record, (one, other) -> one.state().terminal() ? one : other);
    }
  }

  /** The ids of the first of the list, at most so many. */
  List<InvocationId> newestIds(int most) {
    return newestFirst().stream().limit(most).map(InvocationRecord::id).toList();
  }

  List<InvocationRecord> newestFirst() {
    return found.values().stream()
        .filter(this::passes)
        .sorted(NEWEST_FIRST)
        .limit(filter.limit())
        .toList();
  }

  private boolean passes(InvocationRecord record) {
    return filter.function().filter(name -> !name.equals(record.function())).isEmpty()
        && filter.state().filter(state -> state != record.state()).isEmpty()
        && filter.since().filter(since -> submittedMillis(record) < since.toEpochMilli()).isEmpty();
  }

  private static long submittedMillis(InvocationRecord record) {
    return TimeUnit.MICROSECONDS.toMillis(record.submittedAt());
  }
}
