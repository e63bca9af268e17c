package dev.fanfare.context;

import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All contexts by name and which of them is in use. Immutable.
 *
 * @param current the name in use, one of {@code contexts}
 */
public record Contexts(Optional<String> current, NavigableMap<String, Context> contexts) {
  public static final Contexts NONE = new Contexts(Optional.empty(), new TreeMap<>());

  public Contexts {
    contexts = new TreeMap<>(contexts);
    current = current.filter(contexts::containsKey);
  }

  /** The context of that name. */
  public Optional<Context> find(String name) {
    return Optional.ofNullable(contexts.get(name));
  }

  /** These with one more or changed; the first one is the one in use. */
  public Contexts with(String name, Context context) {
    var changed = new TreeMap<>(contexts);
    changed.put(Context.checkName(name), context);
    return new Contexts(Optional.of(current.orElse(name)), changed);
  }

  /** These with another one in use. */
  public Contexts using(String name) {
    return new Contexts(Optional.of(name), contexts);
  }

  /** These without one; without any in use if it was that. */
  public Contexts without(String name) {
    var changed = new TreeMap<>(contexts);
    changed.remove(name);
    return new Contexts(current, changed);
  }
}
