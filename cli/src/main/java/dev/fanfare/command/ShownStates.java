package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.StateLabels;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The declared states that the connected workers show. */
final class ShownStates {
  private final TreeMap<String, Labels> workers = new TreeMap<>();

  /** What one worker shows; the id is absent where it has no declared state. */
  record Shown(String worker, Optional<String> id, Labels labels) {
    private static Shown of(String worker, Labels labels) {
      return new Shown(
          worker, labels.get(StateLabels.ID).or(() -> labels.get(StateLabels.FOUND)), labels);
    }

    String unmet() {
      return labels.get(StateLabels.UNMET).orElse("");
    }

    boolean declared() {
      return id.isPresent() || !unmet().isEmpty();
    }

    boolean takesPinned() {
      return labels.get(StateLabels.ID).isPresent();
    }

    SortedMap<String, String> findings() {
      return StateLabels.findings(labels);
    }
  }

  static ShownStates of(Remote remote) {
    var states = new ShownStates();
    for (JsonNode worker : remote.get("/v1/workers").path("workers")) {
      var labels = new TreeMap<String, String>();
      worker
          .path("labels")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      states.workers.put(worker.path("id").asText(), new Labels(labels));
    }
    return states;
  }

  List<Shown> all() {
    return workers.entrySet().stream().map(one -> Shown.of(one.getKey(), one.getValue())).toList();
  }

  /** The worker of this name, which must be connected. */
  Shown worker(String name) {
    Labels labels = workers.get(name);
    if (labels == null) {
      throw CommandException.notFound("there is no worker " + name)
          .advise("those that are connected: fanfare workers");
    }
    return Shown.of(name, labels);
  }

  /** What a worker or a state's id stands for. */
  Map<String, String> findings(String workerOrId) {
    Labels labels = workers.get(workerOrId);
    if (labels != null) {
      Shown shown = Shown.of(workerOrId, labels);
      if (!shown.declared()) {
        throw CommandException.platform(workerOrId + " has no declared state")
            .advise("start it so: fanfare worker --state fanfare-state.json …");
      }
      return shown.findings();
    }
    return all().stream()
        .filter(one -> one.id().filter(workerOrId::equals).isPresent())
        .findFirst()
        .map(Shown::findings)
        .orElseThrow(
            () ->
                CommandException.notFound(
                    workerOrId + " is neither a connected worker nor the state of one"));
  }
}
