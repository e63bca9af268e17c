package dev.fanfare.history;

import dev.fanfare.history.Event.Action;
import dev.fanfare.history.Event.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Holds evidence taken after a quiet period against the promises:
 *
 * <ul>
 *   <li>H1 every accepted submission has ended
 *   <li>H2 no invocation and no execution is invented, or was refused and ran
 *   <li>H3 every reading of one end is the same, and an end is never taken back
 *   <li>H4 what ended was settled once, under the highest fence that was granted
 *   <li>H5 fences strictly rise
 *   <li>H6 executions ≤ attempts granted ≤ attempts allowed
 *   <li>H7 one key, one invocation
 *   <li>H8 nothing waits, runs or is counted as such any more
 * </ul>
 */
public final class Checker {
  private static final int MOST_TOLD = 5;

  private final Evidence evidence;
  private final Bounds bounds;
  private final Map<String, Story> stories;
  private final List<Long> nodeDeaths;
  private final List<Violation> violations = new ArrayList<>();

  private Checker(Evidence evidence, Bounds bounds) {
    this.evidence = evidence;
    this.bounds = bounds;
    this.stories = evidence.stories();
    this.nodeDeaths =
        evidence.events().stream()
            .filter(e -> e.action() == Action.FAULT && e.key().equals(History.NODE_DEATH))
            .map(Event::at)
            .toList();
  }

  /** Everything that is wrong; empty when nothing is. */
  public static List<Violation> violations(Evidence evidence, Bounds bounds) {
    var checker = new Checker(evidence, bounds);
    checker.check();
    return List.copyOf(checker.violations);
  }

  /** Fails with the first violations and the whole stories of what they are about. */
  public static void check(Evidence evidence, Bounds bounds) {
    List<Violation> violations = violations(evidence, bounds);
    if (!violations.isEmpty()) {
      Map<String, Long> counts =
          violations.stream()
              .collect(
                  Collectors.groupingBy(Violation::promise, TreeMap::new, Collectors.counting()));
      throw new AssertionError(
          "the history breaks promises "
              + counts
              + violations.stream()
                  .limit(MOST_TOLD)
                  .map(violation -> "\n\n" + violation)
                  .collect(Collectors.joining()));
    }
  }

  private void check() {
    for (Story story : stories.values()) {
      acceptedHasEnded(story);
      oneOutcome(story);
      if (!bounds.split()) {
        settledByTheHighestFence(story);
        fencesRise(story);
        attemptsAreBounded(story);
      }
    }
    nothingIsInvented();
    oneKeyOneInvocation();
    nothingIsLeft();
  }

  // ---- H1 ----

  private void acceptedHasEnded(Story story) {
    if (story.accepted() && (story.last == null || !story.last.ended())) {
      broken("H1", story, "was accepted and has not ended");
    }
  }

  // ---- H2 ----

  private void nothingIsInvented() {
    Set<String> asked = tokens(event -> event.kind() == Kind.INVOKE);
    Set<String> possible = new HashSet<>(asked);
    possible.removeAll(refused());
    Map<String, Set<String>> ids = new HashMap<>();
    for (Story story : stories.values()) {
      Set<String> tokens = tokens(story);
      for (String token : tokens) {
        if (!asked.contains(token)) {
          broken("H2", story, "nobody asked for " + token);
        } else if (!possible.contains(token)) {
          broken("H2", story, token + " was refused and is there nevertheless");
        }
        ids.computeIfAbsent(token, t -> new TreeSet<>()).add(story.id);
      }
      if (tokens.size() > 1) {
        broken("H2", story, "one invocation did the work of " + tokens);
      }
    }
    Set<String> keyed = tokens(event -> !event.key().isEmpty());
    ids.forEach(
        (token, those) -> {
          if (those.size() > 1 && !keyed.contains(token)) {
            broken("H2", story(those), token + " was asked for once and is there as " + those);
          }
        });
  }

  private Set<String> tokens(Predicate<Event> which) {
    return evidence.events().stream()
        .filter(Event::asksForWork)
        .filter(which)
        .map(Event::token)
        .collect(Collectors.toSet());
  }

  /** What was asked for, always in vain. */
  private Set<String> refused() {
    Set<Long> inVain =
        evidence.events().stream()
            .filter(event -> event.kind() == Kind.FAIL)
            .map(Event::operation)
            .collect(Collectors.toSet());
    Set<String> refused = tokens(event -> inVain.contains(event.operation()));
    refused.removeAll(tokens(event -> !inVain.contains(event.operation())));
    return refused;
  }

  /** What the invocation is about, by everybody's word. */
  private static Set<String> tokens(Story story) {
    var told =
        Stream.concat(
            story.events.stream().filter(Event::asksForWork).map(Event::token),
            story.executions.stream().map(Execution::token));
    var last = story.last == null ? Stream.<String>of() : Stream.of(story.last.token());
    return Stream.concat(told, last)
        .filter(token -> !token.isEmpty())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  // ---- H3 ----

  private void oneOutcome(Story story) {
    Set<String> outcomes = new TreeSet<>();
    long known = Long.MAX_VALUE;
    for (Event event : story.events) {
      if (event.kind() == Kind.OK && !event.outcome().isEmpty()) {
        outcomes.add(event.outcome());
        known = Math.min(known, event.at());
      }
    }
    if (story.last != null && story.last.ended()) {
      outcomes.add(story.last.outcome());
    }
    if (outcomes.size() > 1) {
      broken("H3", story, "ended in more than one way: " + outcomes);
    }
    for (Event event : story.events) {
      if (event.action() == Action.READ
          && event.kind() == Kind.OK
          && event.outcome().isEmpty()
          && invoked(story, event) > known) {
        broken("H3", story, "had ended, and had not when it was read again");
      }
    }
  }

  // ---- H4 ----

  private void settledByTheHighestFence(Story story) {
    for (Event event : story.events) {
      if (event.kind() == Kind.OK && !event.outcome().isEmpty()) {
        settledByTheHighestFence(story, event.fence());
      }
    }
    FinalState last = story.last;
    if (last != null) {
      settledByTheHighestFence(story, last.fenceOfOutcome());
      if (last.fenceOfOutcome() != 0 && last.fenceOfOutcome() != last.fence()) {
        broken("H4", story, "has the result of another fence than it says");
      }
    }
  }

  private void settledByTheHighestFence(Story story, long fence) {
    if (fence == 0) {
      return;
    }
    if (story.highestFence() > fence) {
      broken("H4", story, "was settled under fence " + fence + " while a higher one was granted");
    }
    if (story.executions.stream().noneMatch(execution -> execution.fence() == fence)) {
      broken("H4", story, "was settled under fence " + fence + ", which nobody executed");
    }
  }

  // ---- H5 ----

  private void fencesRise(Story story) {
    Set<Long> fences = new HashSet<>();
    Map<String, Long> latest = new HashMap<>();
    for (Execution execution : story.executions) {
      long before = latest.getOrDefault(execution.process(), 0L);
      if (!fences.add(execution.fence())) {
        broken("H5", story, "was executed twice under fence " + execution.fence());
      } else if (execution.fence() < before) {
        broken("H5", story, "fence " + execution.fence() + " came after " + before);
      }
      latest.put(execution.process(), execution.fence());
    }
    List<Event> told =
        story.events.stream()
            .filter(event -> event.kind() == Kind.OK && event.fence() != 0)
            .sorted(Comparator.comparingLong(Event::at))
            .toList();
    for (Event event : told) {
      long asked = invoked(story, event);
      told.stream()
          .filter(before -> before.at() < asked && before.fence() > event.fence())
          .findFirst()
          .ifPresent(
              before ->
                  broken(
                      "H5", story, "fence " + event.fence() + " was read after " + before.fence()));
    }
  }

  private static long invoked(Story story, Event event) {
    return story.events.stream()
        .filter(e -> e.kind() == Kind.INVOKE && e.operation() == event.operation())
        .mapToLong(Event::at)
        .findFirst()
        .orElse(Long.MIN_VALUE);
  }

  // ---- H6 ----

  private void attemptsAreBounded(Story story) {
    int uncounted = nodeDeaths(story) * bounds.uncountedPerDeath();
    FinalState last = story.last;
    int granted = last == null || !last.ended() ? bounds.attempts() : last.attempts();
    if (granted > bounds.attempts()) {
      broken("H6", story, granted + " attempts, allowed are " + bounds.attempts());
    }
    if (story.executions.size() > granted + uncounted) {
      broken(
          "H6",
          story,
          "%d executions of %d attempts, %d of them uncounted at most"
              .formatted(story.executions.size(), granted, uncounted));
    }
  }

  private int nodeDeaths(Story story) {
    long from = story.begun();
    long to = story.last != null && story.last.ended() ? story.last.endedAt() : Long.MAX_VALUE;
    return (int) nodeDeaths.stream().filter(at -> at >= from && at <= to).count();
  }

  // ---- H7 ----

  private void oneKeyOneInvocation() {
    Map<String, Set<String>> ids = new TreeMap<>();
    Map<String, String> keys = new HashMap<>();
    for (Event event : evidence.events()) {
      if (event.asksForWork() && !event.key().isEmpty()) {
        keys.put(event.token(), event.key());
        if (event.kind() == Kind.OK && !event.id().isEmpty()) {
          ids.computeIfAbsent(event.key(), key -> new TreeSet<>()).add(event.id());
        }
      }
    }
    for (Execution execution : evidence.executions()) {
      String key = keys.get(execution.token());
      if (key != null) {
        ids.computeIfAbsent(key, k -> new TreeSet<>()).add(execution.id());
      }
    }
    ids.forEach(
        (key, those) -> {
          if (those.size() > 1) {
            broken("H7", story(those), "key " + key + " stands for " + those);
          }
        });
  }

  // ---- H8 ----

  private void nothingIsLeft() {
    new TreeMap<>(evidence.standing().figures())
        .forEach(
            (name, value) -> {
              if (value != 0) {
                violations.add(new Violation("H8", "", name + " is " + value + ", not 0", ""));
              }
            });
    for (String id : evidence.standing().unended()) {
      broken("H8", stories.getOrDefault(id, new Story(id)), "is listed as not ended");
    }
  }

  private void broken(String promise, Story story, String what) {
    violations.add(new Violation(promise, story.id, story.id + " " + what, story.text()));
  }

  /** Several invocations' lines as one story. */
  private Story story(Set<String> ids) {
    var all = new Story(String.join(" and ", ids));
    for (String id : ids) {
      Story story = stories.getOrDefault(id, new Story(id));
      all.events.addAll(story.events);
      all.executions.addAll(story.executions);
      all.last = story.last;
    }
    return all;
  }
}
