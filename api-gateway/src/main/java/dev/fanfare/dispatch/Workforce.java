package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.WorkerProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The workers there are, here and at the other gateways. From any thread. */
record Workforce(Room room, Peers peers) {

  /** Those whose sessions are on this gateway. */
  List<WorkerView> here() {
    return room.sessions().stream().map(WorkerSession::view).toList();
  }

  /** Those of all gateways of the cluster, others' as they told a moment ago. */
  List<WorkerView> everywhere() {
    var all = new ArrayList<>(here());
    all.addAll(peers.workers());
    return all;
  }

  /** Why no connected worker could run work with these demands; empty when one could. */
  Optional<String> whyNot(Requirements requirements) {
    List<WorkerProfile> profiles =
        everywhere().stream()
            .filter(worker -> !worker.draining())
            .map(WorkerView::profile)
            .toList();
    return Suitability.whyNot(requirements, profiles);
  }

  /** The slots of the workers here that could run work with these demands. */
  int slots(Requirements requirements) {
    int slots = 0;
    for (WorkerSession session : room.sessions()) {
      if (!session.isDraining() && session.meets(requirements)) {
        slots += session.profile().slots();
      }
    }
    return slots;
  }

  /** How many of these invocations the workers here hold. Only on the dispatcher's context. */
  int running(Iterable<InvocationId> ids) {
    int running = 0;
    for (InvocationId id : ids) {
      for (WorkerSession session : room.sessions()) {
        if (session.held().contains(id)) {
          running++;
          break;
        }
      }
    }
    return running;
  }
}
