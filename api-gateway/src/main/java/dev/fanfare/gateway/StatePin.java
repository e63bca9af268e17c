package dev.fanfare.gateway;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.StateLabels;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * A call's being pinned to a declared state: a constraint like any, which may wait or be refused.
 */
final class StatePin {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{12}");
  private static final String WAIT = "wait";
  private static final String REFUSE = "refuse";

  private StatePin() {}

  /** The constraint of {@code X-State}. */
  static Constraint read(MultiMap headers) {
    String id = String.valueOf(headers.get(Names.STATE)).strip();
    if (!ID.matcher(id).matches()) {
      throw new Refused(
          Problem.badRequest(
              "X-State is a state's id, 12 hexadecimal digits as fanfare state show tells them, not"
                  + " '"
                  + id
                  + "'"));
    }
    return new Constraint(StateLabels.ID, Constraint.Operator.EQUAL, List.of(id));
  }

  /** The state that the demands are pinned to. */
  static Optional<String> of(List<Constraint> constraints) {
    return constraints.stream()
        .filter(one -> one.label().equals(StateLabels.ID))
        .filter(one -> one.operator() == Constraint.Operator.EQUAL)
        .map(one -> one.values().getFirst())
        .findFirst();
  }

  /** Whether these demands are to wait for a worker, however long there is none. */
  static boolean waits(Requirements requirements) {
    return of(requirements.constraints()).isPresent();
  }

  /** Whether the caller would rather be refused than wait. */
  static boolean elseRefuse(MultiMap headers) {
    String otherwise = headers.get(Names.STATE_ELSE);
    if (otherwise == null || otherwise.equals(WAIT)) {
      return false;
    }
    if (!otherwise.equals(REFUSE)) {
      throw new Refused(Problem.badRequest("X-State-Else is wait or refuse"));
    }
    if (!headers.contains(Names.STATE)) {
      throw new Refused(Problem.badRequest("X-State-Else goes with X-State"));
    }
    return true;
  }

  /** Refuses a call where no worker is in the state, and tells how each differs. */
  static void refuseUnlessMet(String pinned, Dispatcher dispatcher) {
    List<Labels> labels =
        dispatcher.workersEverywhere().stream()
            .filter(worker -> !worker.draining())
            .map(worker -> worker.profile().labels())
            .toList();
    if (labels.stream().anyMatch(one -> has(one, StateLabels.ID, pinned))) {
      return;
    }
    SortedMap<String, String> wanted = dispatcher.knownState(pinned);
    var differences = new ArrayList<String>();
    labels.forEach(one -> differences.add(words(one, pinned, wanted)));
    Problem problem =
        Problem.of(
            409,
            "state-mismatch",
            "No worker in this state",
            "no worker is in state "
                + pinned
                + (differences.isEmpty()
                    ? ": none is connected"
                    : ": " + String.join("; ", differences)));
    throw new Refused(problem.with("state", pinned));
  }

  private static boolean has(Labels labels, String name, String value) {
    return labels.get(name).filter(value::equals).isPresent();
  }

  private static String words(Labels labels, String pinned, SortedMap<String, String> wanted) {
    String worker = "worker " + labels.get("worker").orElse("?") + ": ";
    Optional<String> shown = labels.get(StateLabels.ID).or(() -> labels.get(StateLabels.FOUND));
    if (shown.isEmpty()) {
      return worker + labels.get(StateLabels.UNMET).orElse("has no declared state");
    }
    if (shown.get().equals(pinned)) {
      return worker + "takes no pinned work: " + labels.get(StateLabels.UNMET).orElse("");
    }
    if (wanted.isEmpty()) {
      return worker + "is in state " + shown.get();
    }
    return worker
        + String.join(
            ", ", StateLabels.differences(StateLabels.findings(labels), wanted, "pinned"));
  }
}
