package dev.fanfare.session;

import dev.fanfare.frame.Frame;
import dev.fanfare.protocol.Scale;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.WorkerProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Shares the runtimes of functions that say how many there are out among the workers that may run
 * them, evenly. All gateways come to the same shares once they know of the same workers.
 */
final class RuntimeShares {
  private final List<Target> functions;
  private final List<WorkerProfile> workers;

  RuntimeShares(List<Target> functions, List<WorkerProfile> workers) {
    this.functions = functions;
    this.workers =
        workers.stream().sorted(Comparator.comparing(worker -> worker.id().value())).toList();
  }

  /** What the worker has of each; it keeps no more runtimes warm than it has slots. */
  Frame.Scaling of(WorkerProfile worker) {
    List<Frame.Warm> least = new ArrayList<>();
    List<Frame.Warm> most = new ArrayList<>();
    int slots = worker.slots();
    for (Target function : functions) {
      if (function.policy().requirements().metBy(worker)) {
        Scale scale = function.policy().scale();
        int min = Math.min(slots, share(scale.min(), function, worker));
        if (min > 0) {
          slots -= min;
          least.add(new Frame.Warm(function.revision(), function.function(), min));
        }
        scale
            .max()
            .map(max -> share(max, function, worker))
            .map(max -> new Frame.Warm(function.revision(), function.function(), max))
            .ifPresent(most::add);
      }
    }
    return new Frame.Scaling(least, most);
  }

  private int share(int runtimes, Target function, WorkerProfile worker) {
    List<WorkerProfile> fit =
        workers.stream().filter(other -> function.policy().requirements().metBy(other)).toList();
    int place = 0;
    while (place < fit.size() && !fit.get(place).id().equals(worker.id())) {
      place++;
    }
    int count = Math.max(1, fit.size());
    int turned = Math.floorMod(place + function.function().value().hashCode(), count);
    return runtimes / count + (turned < runtimes % count ? 1 : 0);
  }
}
