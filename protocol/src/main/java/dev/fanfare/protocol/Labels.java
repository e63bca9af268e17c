package dev.fanfare.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A worker's properties by name, sorted. Automatic ones: {@code worker}, {@code os}, {@code arch},
 * {@code cpus}, {@code memory} (bytes), {@code java} (feature release).
 */
public record Labels(@JsonValue SortedMap<String, String> values) {

  public Labels {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Labels of(Map<String, String> values) {
    return new Labels(new TreeMap<>(values));
  }

  /** The label's value, if the worker has it. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }
}
