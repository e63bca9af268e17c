package dev.fanfare.dispatch;

import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.WorkerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Says in words why no worker could run something. */
final class Suitability {
  private Suitability() {}

  /** Empty when one of these workers could run work with these demands. */
  static Optional<String> whyNot(Requirements requirements, List<WorkerProfile> workers) {
    if (workers.isEmpty()) {
      return Optional.of("no worker is connected");
    }
    if (workers.stream().anyMatch(requirements::metBy)) {
      return Optional.empty();
    }
    var lacking = new ArrayList<String>();
    for (Constraint constraint : requirements.constraints()) {
      if (workers.stream().noneMatch(worker -> constraint.metBy(worker.labels()))) {
        lacking.add(constraint.toString());
      }
    }
    if (workers.stream().noneMatch(worker -> worker.offers(requirements.isolation()))) {
      lacking.add("isolation=" + requirements.isolation().name().toLowerCase(Locale.ROOT));
    }
    String connected =
        workers.size() == 1
            ? "the one connected worker"
            : "none of the " + workers.size() + " connected workers";
    if (lacking.isEmpty()) {
      return Optional.of(
          connected + (workers.size() == 1 ? " does not meet " : " meets ") + all(requirements));
    }
    return Optional.of(
        connected + (workers.size() == 1 ? " lacks " : " has ") + String.join(" and ", lacking));
  }

  /** Empty when this worker could run work with these demands. */
  static Optional<String> whyNotOn(Requirements requirements, WorkerProfile worker) {
    if (requirements.metBy(worker)) {
      return Optional.empty();
    }
    var lacking = new ArrayList<String>();
    for (Constraint constraint : requirements.constraints()) {
      if (!constraint.metBy(worker.labels())) {
        lacking.add(constraint.toString());
      }
    }
    if (!worker.offers(requirements.isolation())) {
      lacking.add("isolation=" + requirements.isolation().name().toLowerCase(Locale.ROOT));
    }
    return Optional.of("it lacks " + String.join(" and ", lacking));
  }

  private static String all(Requirements requirements) {
    var demands =
        new ArrayList<>(requirements.constraints().stream().map(Constraint::toString).toList());
    demands.add("isolation=" + requirements.isolation().name().toLowerCase(Locale.ROOT));
    return "all of " + String.join(", ", demands) + " together";
  }
}
