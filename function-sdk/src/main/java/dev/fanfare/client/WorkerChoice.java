package dev.fanfare.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which workers are meant: by name, by labels, or all. Immutable.
 *
 * @param names empty for any name
 * @param labels what each of them must have: {@code gpu=a100}, {@code zone in (a,b)}, {@code
 *     java>=25}, or a label's bare name
 */
public record WorkerChoice(List<String> names, List<String> labels) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  private static final WorkerChoice ALL = new WorkerChoice(List.of(), List.of());

  public WorkerChoice {
    names = names.stream().distinct().toList();
    labels = List.copyOf(labels);
    for (String name : names) {
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException("'" + name + "' is no worker's name");
      }
    }
  }

  /** Every worker. */
  public static WorkerChoice all() {
    return ALL;
  }

  /**
   * Those of these names.
   *
   * @throws IllegalArgumentException if there is none, or one that no worker can have
   */
  public static WorkerChoice named(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("at least one name is needed");
    }
    return new WorkerChoice(List.of(names), List.of());
  }

  /** Those that have all of these labels. */
  public static WorkerChoice with(String... labels) {
    return new WorkerChoice(List.of(), List.of(labels));
  }

  /** Those of these that have these labels, too. */
  public WorkerChoice and(String... more) {
    var all = new ArrayList<>(labels);
    all.addAll(List.of(more));
    return new WorkerChoice(names, all);
  }

  boolean means(String name) {
    return names.isEmpty() || names.contains(name);
  }

  /** As a query of the platform's list of workers. */
  String query() {
    var query = new StringBuilder();
    for (String label : labels) {
      query.append("&label=").append(URLEncoder.encode(label, StandardCharsets.UTF_8));
    }
    return query.toString();
  }

  @Override
  public String toString() {
    var words = new ArrayList<String>();
    if (!names.isEmpty()) {
      words.add("named " + String.join(", ", names));
    }
    if (!labels.isEmpty()) {
      words.add("with " + String.join(", ", labels));
    }
    return words.isEmpty() ? "all workers" : "workers " + String.join(" ", words);
  }
}
