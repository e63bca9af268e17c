package dev.fanfare.ssh;

import dev.fanfare.pipe.NearEnd;
import dev.fanfare.worker.Dialer;
import io.vertx.core.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * A worker on a machine that ssh reaches; its session goes through this process, which alone knows
 * the key.
 */
public final class SshWorker implements AutoCloseable {
  /** Where the far agent's main class is. */
  public static final String MAIN = "dev.fanfare.command.FarWorker";

  /** More than login scripts print. */
  private static final int MOST_BEFORE = 1 << 20;

  private static final List<String> JVM =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xss512k",
          "-XX:MaxRAMPercentage=40",
          "-XX:+DisplayVMOutputToStderr",
          "-Xlog:disable",
          "-Xlog:all=error:stderr",
          "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
          "--sun-misc-unsafe-memory-access=allow",
          "--enable-native-access=ALL-UNNAMED");

  private final SshTarget target;
  private final SshCall call;
  private final NearEnd session;

  private SshWorker(SshTarget target, SshCall call, NearEnd session) {
    this.target = target;
    this.call = call;
    this.session = session;
  }

  /** Where this process has what it sends, and whom it tells what it does. */
  public record Setting(Path distribution, Path runtimes, Consumer<String> say) {}

  /**
   * Looks at the machine, sends what it lacks, starts the worker there. Blocks.
   *
   * @param dialer opens sessions with the gateway from here
   * @param arguments how the worker is to be run
   * @throws SshException in words, if that cannot be
   */
  public static SshWorker start(
      SshTarget target, Setting setting, Context context, Dialer dialer, List<String> arguments) {
    WorkerFiles files = WorkerFiles.of(setting.distribution());
    JavaRuntime runtime = JavaRuntime.of(setting.runtimes());
    FarMachine machine = FarMachine.look(target, files, runtime.id());
    String java = new Sending(target, machine, files, runtime).send(setting.say());
    String mark = "@" + UUID.randomUUID();
    var call =
        SshCall.start(
            target,
            command(java, machine, files, mark),
            line -> setting.say().accept(target.host() + ": " + line));
    awaitMark(target, call, mark);
    var all = new ArrayList<>(List.of("--data", machine.folder() + "/workers"));
    all.addAll(arguments);
    return new SshWorker(target, call, NearEnd.start(context, call.out(), call.in(), dialer, all));
  }

  private static String command(String java, FarMachine machine, WorkerFiles files, String mark) {
    String dist = machine.folder() + "/dist-" + files.id();
    return "exec "
        + java
        + " "
        + String.join(" ", JVM)
        + " -Dfanfare.home="
        + dist
        + " -cp '"
        + dist
        + "/lib/*' "
        + MAIN
        + " "
        + mark;
  }

  /** Frames begin after the mark; what login scripts print comes before. */
  private static void awaitMark(SshTarget target, SshCall call, String mark) {
    var before = new ByteArrayOutputStream();
    try {
      InputStream out = call.out();
      for (int one = out.read(); one >= 0; one = out.read()) {
        if (one != '\n') {
          before.write(one);
        } else if (before.toString(StandardCharsets.UTF_8).endsWith(mark)) {
          return;
        } else {
          before.reset();
        }
        if (before.size() > MOST_BEFORE) {
          throw SshException.because(target, "it prints without end instead of a worker's session");
        }
      }
    } catch (IOException e) {
      throw SshException.unreachable(target, "the connection broke: " + e.getMessage());
    }
    throw call.failure(call.await(), "starting Java there");
  }

  /** The session that goes through. */
  public NearEnd session() {
    return session;
  }

  /** What the connection's end looks like from here; blocks until it has ended. */
  public String end() {
    int exit = call.await();
    return exit == 0
        ? "the worker ended"
        : String.valueOf(call.failure(exit, "the worker").getMessage());
  }

  /** The machine. */
  public SshTarget target() {
    return target;
  }

  /** Ends the connection at once; the far worker dies with it. */
  @Override
  public void close() {
    call.close();
  }
}
