package dev.fanfare.worker;

import dev.fanfare.hosting.Blocking;
import dev.fanfare.protocol.Labels;
import dev.fanfare.protocol.StateLabels;
import dev.fanfare.state.MachineState;
import dev.fanfare.state.StateSettings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the machine's declared state now and then. Only on the agent's context. */
final class StateWatch {
  private static final Logger log = LoggerFactory.getLogger(StateWatch.class);

  private final Context context;
  private final Optional<StateSettings> settings;
  private final Runnable found;
  private @Nullable MachineState state;
  private Instant looked = Instant.EPOCH;
  private long timer = -1;
  private boolean looking;
  private boolean again;

  /** {@code found} is told after each look. */
  StateWatch(Context context, Optional<StateSettings> settings, Runnable found) {
    this.context = context;
    this.settings = settings;
    this.found = found;
  }

  /** Looks for the first time, and from then on. */
  Future<Void> start() {
    if (settings.isEmpty()) {
      return Future.succeededFuture();
    }
    long every = Math.max(1, settings.get().every().toMillis());
    timer = context.owner().setPeriodic(every, tick -> look());
    return look(settings.get());
  }

  /** Looks now; once more afterwards if it is looking already. */
  void look() {
    if (looking) {
      again = true;
    } else {
      settings.ifPresent(this::look);
    }
  }

  private Future<Void> look(StateSettings how) {
    looking = true;
    return Blocking.call(context, how::find)
        .onComplete(
            done -> {
              looking = false;
              if (done.succeeded()) {
                took(done.result());
              } else {
                log.warn("the declared state could not be looked at", done.cause());
              }
              if (again) {
                again = false;
                look();
              }
            })
        .mapEmpty();
  }

  private void took(MachineState now) {
    MachineState before = state;
    state = now;
    looked = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    if (before == null || !before.equals(now)) {
      String unmet = now.unmet();
      if (unmet.isEmpty()) {
        log.info("declared state {}", now.id());
      } else {
        log.warn("declared state {}: {}", now.id(), unmet);
      }
    }
    found.run();
  }

  /** The labels with those that tell of the state. */
  Labels in(Labels own) {
    var labels = new TreeMap<>(own.values());
    labels.keySet().removeIf(StateLabels::isReserved);
    MachineState now = state;
    if (now != null && settings.isPresent()) {
      now.findings().forEach(finding -> labels.put(finding.name(), finding.found()));
      String unmet = now.unmet();
      boolean takesPinned = unmet.isEmpty() || settings.get().serveUnmet();
      if (now.trouble().isEmpty()) {
        labels.put(takesPinned ? StateLabels.ID : StateLabels.FOUND, now.id());
      }
      if (!unmet.isEmpty()) {
        labels.put(StateLabels.UNMET, unmet);
      }
      labels.put(StateLabels.CHECKED, looked.toString());
    }
    return new Labels(labels);
  }

  void close() {
    if (timer >= 0) {
      context.owner().cancelTimer(timer);
    }
  }
}
