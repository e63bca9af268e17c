package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * In which declared states the latest invocations ran here, as far as their workers show any.
 * Thread-safe.
 */
final class RanIn {
  static final int MOST = 10_000;

  private final Map<InvocationId, String> states =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InvocationId, String> eldest) {
          return size() > MOST;
        }
      };

  /** The latest attempt counts. */
  synchronized void note(InvocationId id, String began, String ended) {
    states.put(id, began.equals(ended) ? began : began + ", " + (ended.isEmpty() ? "none" : ended));
  }

  synchronized Optional<String> find(InvocationId id) {
    return Optional.ofNullable(states.get(id));
  }
}
