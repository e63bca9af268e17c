package dev.fanfare.protocol;

import dev.fanfare.function.Isolation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * All that a worker must meet to run an invocation; equal requirements make one class of the queue.
 */
public record Requirements(List<Constraint> constraints, Isolation isolation) {
  /** What every worker meets that runs child processes. */
  public static final Requirements NONE = new Requirements(List.of(), Isolation.PROCESS);

  public Requirements {
    constraints =
        constraints.stream().distinct().sorted(Comparator.comparing(Constraint::toString)).toList();
  }

  /** These demands and the other's together, with the stronger isolation. */
  public Requirements and(List<Constraint> more) {
    if (more.isEmpty()) {
      return this;
    }
    var all = new ArrayList<>(constraints);
    all.addAll(more);
    return new Requirements(all, isolation);
  }

  /** Whether the worker may run it. */
  public boolean metBy(WorkerProfile worker) {
    if (!worker.offers(isolation)) {
      return false;
    }
    for (Constraint constraint : constraints) {
      if (!constraint.metBy(worker.labels())) {
        return false;
      }
    }
    return true;
  }
}
