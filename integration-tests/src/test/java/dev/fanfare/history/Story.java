package dev.fanfare.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that is known of one invocation. */
final class Story {
  final String id;
  final List<Event> events = new ArrayList<>();
  final List<Execution> executions = new ArrayList<>();
  @Nullable FinalState last;

  Story(String id) {
    this.id = id;
  }

  /** Whether a client was promised that it ends. */
  boolean accepted() {
    return events.stream()
        .anyMatch(
            e ->
                e.kind() == Event.Kind.OK
                    && (e.action() == Event.Action.SUBMIT
                        || e.action() == Event.Action.KEYED_CALL));
  }

  long highestFence() {
    return executions.stream().mapToLong(Execution::fence).max().orElse(0);
  }

  long begun() {
    return Stream.concat(events.stream().map(Event::at), executions.stream().map(Execution::at))
        .min(Long::compare)
        .orElse(0L);
  }

  /** In the order of time, clients' lines and functions' ones. */
  String text() {
    record Line(long at, String text) {}
    var lines = new ArrayList<Line>();
    events.forEach(e -> lines.add(new Line(e.at(), "  client   " + e.line())));
    executions.forEach(e -> lines.add(new Line(e.at(), "  function " + e)));
    lines.sort(Comparator.comparingLong(Line::at));
    var text = new StringBuilder();
    lines.forEach(line -> text.append(line.text).append('\n'));
    return text.append("  platform ").append(last).toString();
  }
}
