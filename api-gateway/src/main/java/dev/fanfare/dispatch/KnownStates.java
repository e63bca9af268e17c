package dev.fanfare.dispatch;

import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.StateLabels;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What declared states stand for that workers here have shown lately. Thread-safe. */
final class KnownStates {
  static final int MOST = 1_000;

  private final Map<String, SortedMap<String, String>> findings =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SortedMap<String, String>> eldest) {
          return size() > MOST;
        }
      };

  synchronized void saw(Labels labels) {
    labels
        .get(StateLabels.ID)
        .or(() -> labels.get(StateLabels.FOUND))
        .ifPresent(id -> findings.put(id, StateLabels.findings(labels)));
  }

  synchronized SortedMap<String, String> find(String id) {
    return findings.getOrDefault(id, new TreeMap<>());
  }
}
