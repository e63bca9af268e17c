package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import java.util.HashMap;
import java.util.Map;

/**
 * The last few thousand leases that a session settled: what their attempts wrote may still come.
 */
final class FormerLeases {
  /** The fewest that are remembered, once there were as many. */
  static final int AT_LEAST = 2_048;

  private Map<InvocationId, Long> newer = new HashMap<>();
  private Map<InvocationId, Long> older = new HashMap<>();

  void add(InvocationId id, long fence) {
    if (newer.size() >= AT_LEAST) {
      Map<InvocationId, Long> emptied = older;
      older = newer;
      newer = emptied;
      newer.clear();
    }
    newer.put(id, fence);
  }

  boolean contains(InvocationId id, long fence) {
    Long known = newer.getOrDefault(id, older.get(id));
    return known != null && known == fence;
  }
}
