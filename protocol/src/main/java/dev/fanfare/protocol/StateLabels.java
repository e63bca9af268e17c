package dev.fanfare.protocol;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The labels in which a worker shows its declared state: its id as {@value #ID}, and what was found
 * of each declared thing under the thing's own name, {@code tool.python3}.
 */
public final class StateLabels {
  /** The id of the state that pinned work runs in. */
  public static final String ID = "state";

  /** The id of what was found on a worker that takes no pinned work. */
  public static final String FOUND = "state-found";

  /** What is not as it was declared, in words. */
  public static final String UNMET = "state-unmet";

  /** When the worker looked last. */
  public static final String CHECKED = "state-checked";

  private static final List<String> OWN = List.of(ID, FOUND, UNMET, CHECKED);
  private static final List<String> KINDS = List.of("tool.", "package.", "environment.", "file.");

  private StateLabels() {}

  /** Whether only the worker itself gives a label of this name. */
  public static boolean isReserved(String label) {
    return OWN.contains(label);
  }

  /** What was found, by the things' names. */
  public static SortedMap<String, String> findings(Labels labels) {
    var findings = new TreeMap<String, String>();
    labels
        .values()
        .forEach(
            (name, value) -> {
              if (KINDS.stream().anyMatch(name::startsWith)) {
                findings.put(name, value);
              }
            });
    return findings;
  }

  /** A thing as people read it: {@code tool python3}. */
  public static String words(String thing) {
    return thing.replaceFirst("\\.", " ");
  }

  /**
   * Where two states differ, in words.
   *
   * @param other what the second is called: {@code pinned}
   */
  public static List<String> differences(
      Map<String, String> one, Map<String, String> two, String other) {
    var names = new TreeSet<>(one.keySet());
    names.addAll(two.keySet());
    return names.stream()
        .filter(name -> !one.getOrDefault(name, "").equals(two.getOrDefault(name, "")))
        .map(
            name ->
                words(name)
                    + " "
                    + one.getOrDefault(name, "not declared")
                    + ", "
                    + other
                    + " "
                    + two.getOrDefault(name, "not declared"))
        .toList();
  }
}
