package dev.fanfare.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that a verdict is made from.
 *
 * @param events what clients saw
 * @param executions what functions did
 * @param states the platform's last word on every id that it lists or that anybody was told
 * @param standing what is left
 */
public record Evidence(
    List<Event> events, List<Execution> executions, List<FinalState> states, Standing standing) {

  /** Copies the lists. */
  public Evidence {
    events = List.copyOf(events);
    executions = List.copyOf(executions);
    states = List.copyOf(states);
  }

  /** By invocation; events that know no id go with their operation's, else with their token's. */
  Map<String, Story> stories() {
    Map<Long, String> ids = new HashMap<>();
    Map<String, String> ofTokens = new HashMap<>();
    executions.forEach(execution -> ofTokens.put(execution.token(), execution.id()));
    for (Event event : events) {
      if (!event.id().isEmpty()) {
        ids.put(event.operation(), event.id());
      }
    }
    Map<String, Story> stories = new HashMap<>();
    for (Event event : events) {
      String id = ids.getOrDefault(event.operation(), ofTokens.get(event.token()));
      if (id != null) {
        stories.computeIfAbsent(id, Story::new).events.add(event);
      }
    }
    for (Execution execution : executions) {
      stories.computeIfAbsent(execution.id(), Story::new).executions.add(execution);
    }
    for (FinalState state : states) {
      stories.computeIfAbsent(state.id(), Story::new).last = state;
    }
    return stories;
  }
}
