package dev.fanfare.worker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
import dev.fanfare.cache.Revisions;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.process.BlankRuntimes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a worker tells of itself when it is asked, as JSON. Only on the agent's context. */
final class SelfReport {
  /** The most invocations told of; {@code attempts} says how many there are. */
  private static final int MOST_ATTEMPTS = 1_000;

  /** So long the machine's processors are looked at. */
  private static final long CPU_MILLIS = 100;

  private final Context context;
  private final WorkerConfiguration configuration;
  private final Attempts attempts;
  private final Slots slots;
  private final BlankRuntimes blanks;
  private final Revisions revisions;
  private final String way;

  /** A process to be looked at, and where what is found goes. */
  private record Look(ProcessHandle process, ObjectNode into) {}

  SelfReport(
      Context context,
      WorkerConfiguration configuration,
      Attempts attempts,
      Slots slots,
      BlankRuntimes blanks,
      Revisions revisions,
      String way) {
    this.context = context;
    this.configuration = configuration;
    this.attempts = attempts;
    this.slots = slots;
    this.blanks = blanks;
    this.revisions = revisions;
    this.way = way;
  }

  /** This software's version. */
  static String version() {
    String version = WorkerAgent.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  /** Gathers all; what the system has to be asked for is asked for on another thread. */
  Future<String> tell(boolean draining) {
    ObjectNode report = JsonNodeFactory.instance.objectNode();
    report.put("way", way);
    report.put("draining", draining);
    report.put("slots", configuration.slots());
    report.put("free", Math.max(0, slots.free()));
    versions(report);
    invocations(report);
    ArrayNode cached = report.putArray("cached");
    revisions.ids().reversed().forEach(id -> cached.add(id.hash().hex()));
    List<Look> looks = runtimes(report.putArray("runtimes"));
    return Blocking.call(
        context,
        () -> {
          machine(report);
          looks.forEach(look -> ProcessFigures.read(look.process(), look.into()));
          return report.toString();
        });
  }

  private static void versions(ObjectNode report) {
    report.put("version", version());
    report.put("java", Runtime.version().toString());
    report.put(
        "os",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
  }

  private static void machine(ObjectNode report) throws InterruptedException {
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    var _ = machine.getCpuLoad(); // the next is that since this one
    Thread.sleep(CPU_MILLIS);
    report.put("load", Math.max(0, machine.getSystemLoadAverage()));
    report.put("processors", Runtime.getRuntime().availableProcessors());
    report.put("cpu", Math.max(0, machine.getCpuLoad()));
    report.put("memory", machine.getTotalMemorySize());
    report.put("freeMemory", machine.getFreeMemorySize());
    ProcessFigures.read(ProcessHandle.current(), report.putObject("process"));
  }

  private void invocations(ObjectNode report) {
    ArrayNode told = report.putArray("invocations");
    int channels = 0;
    for (TrackedAttempt attempt : attempts.all()) {
      channels += attempt.talks ? 1 : 0;
      if (told.size() < MOST_ATTEMPTS) {
        tell(attempt, told.addObject());
      }
    }
    report.put("attempts", attempts.all().size());
    report.put("channels", channels);
  }

  private static void tell(TrackedAttempt attempt, ObjectNode into) {
    into.put("id", attempt.lease.id().toString());
    into.put("function", attempt.lease.function().value());
    into.put("revision", attempt.lease.revision().hash().hex());
    into.put("attempt", attempt.lease.attempt());
    into.put("state", state(attempt));
    into.put("since", at(attempt.startedNanos == 0 ? attempt.arrivedNanos : attempt.startedNanos));
    into.put("channel", attempt.talks);
    if (attempt.runtime != null) {
      attempt.runtime.process().ifPresent(process -> into.put("pid", process.pid()));
    }
  }

  private static String state(TrackedAttempt attempt) {
    if (attempt.ending != null) {
      return "ending";
    }
    if (attempt.runtime == null || attempt.runtime.waits(attempt)) {
      return "waiting";
    }
    return attempt.startedNanos == 0 ? "starting" : "running";
  }

  private List<Look> runtimes(ArrayNode into) {
    var looks = new ArrayList<Look>();
    for (HostedRuntime runtime : slots.hosts().all()) {
      ObjectNode told = into.addObject();
      told.put("state", runtime.idle() ? "warm" : runtime.ready() ? "busy" : "starting");
      told.put("function", runtime.function().key.function().value());
      told.put("revision", runtime.revision().id().hash().hex());
      told.put("attempts", runtime.outstanding());
      told.put("since", at(runtime.createdNanos()));
      look(runtime.process(), told, looks);
    }
    blanks.ready().forEach(blank -> look(blank.process(), blank(into), looks));
    return looks;
  }

  private static ObjectNode blank(ArrayNode into) {
    return into.addObject().put("state", "blank").put("attempts", 0);
  }

  private static void look(Optional<ProcessHandle> process, ObjectNode into, List<Look> looks) {
    process.ifPresent(
        handle -> {
          into.put("pid", handle.pid());
          looks.add(new Look(handle, into));
        });
  }

  private static String at(long nanos) {
    return Instant.now().minusNanos(System.nanoTime() - nanos).toString();
  }
}
