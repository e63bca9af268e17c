package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Labels;
import dev.fanfare.terminal.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which folders on which workers a sync is for. */
final class SyncPlaces {
  private final TreeMap<String, Labels> workers = new TreeMap<>();
  private final Set<String> refused = new TreeSet<>();

  /** Of workers as the platform tells of them. */
  SyncPlaces(JsonNode all) {
    for (JsonNode worker : all) {
      var labels = new TreeMap<String, String>();
      worker
          .path("labels")
          .properties()
          .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
      workers.put(worker.path("id").asText(), new Labels(labels));
    }
  }

  /** {@code WORKER:PATH} as it is, if there is such a worker. */
  String on(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw CommandException.usage("--on: '" + text + "' is not of the form WORKER:PATH");
    }
    String name = text.substring(0, colon);
    if (!workers.containsKey(name)) {
      throw CommandException.platform("there is no worker " + name)
          .advise("those that are connected: fanfare workers");
    }
    if (!allows(name)) {
      throw CommandException.platform(name + " was started without --" + Builtins.ALLOW_SYNC)
          .advise("start it so: fanfare worker --allow-sync FOLDER …");
    }
    return text;
  }

  /** Every worker that {@code DEMAND:PATH} is for, with the path. */
  List<String> labelled(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 1) {
      throw CommandException.usage("--label: '" + text + "' is not of the form DEMAND:PATH");
    }
    try {
      return matching(Constraint.parse(text.substring(0, colon)), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--label: " + e.getMessage());
    }
  }

  /** Every worker that allows it, with the path. */
  List<String> all(String path) {
    return matching(Constraint.parse(Builtins.ALLOW_SYNC), path);
  }

  /** Workers that were meant, but do not allow it. */
  Set<String> refused() {
    return refused;
  }

  private List<String> matching(Constraint constraint, String path) {
    var places = new ArrayList<String>();
    workers.forEach(
        (name, labels) -> {
          if (constraint.metBy(labels)) {
            if (allows(name)) {
              places.add(name + ":" + path);
            } else {
              refused.add(name);
            }
          }
        });
    return places;
  }

  private boolean allows(String name) {
    Labels labels = workers.get(name);
    return labels != null && labels.get(Builtins.ALLOW_SYNC).isPresent();
  }
}
