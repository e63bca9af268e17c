package dev.fanfare.command;

import dev.fanfare.pipe.FarEnd;
import dev.fanfare.platform.EventLoops;
import dev.fanfare.platform.Logging;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.worker.WorkerAgent;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A worker whose session goes over its standard input and output: what {@code fanfare worker --ssh}
 * starts on the other machine. It ends when its input does, and with it all that it started.
 */
@Command(name = "far-worker")
public final class FarWorker implements FarEnd.Events {
  private static final long CLOSE_MILLIS = 3_000;

  private final Vertx vertx = EventLoops.start();
  private final Context context = vertx.getOrCreateContext();
  private @Nullable FarEnd end;
  private @Nullable WorkerAgent agent;

  @Option(names = "--name")
  String name;

  @Option(names = "--data")
  Path data;

  @Mixin WorkerOptions worker = new WorkerOptions();

  private FarWorker() {}

  /** The one argument marks where messages begin on standard output. */
  public static void main(String[] arguments) throws IOException {
    OutputStream out = new FileOutputStream(FileDescriptor.out);
    System.setOut(System.err);
    Logging.to(System.err, false);
    out.write(("\n" + arguments[0] + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
    var far = new FarWorker();
    far.context.runOnContext(
        begin ->
            far.end = FarEnd.start(far.context, new FileInputStream(FileDescriptor.in), out, far));
  }

  @Override
  public void start(List<String> arguments) {
    try {
      new CommandLine(this)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .parseArgs(arguments.toArray(String[]::new));
      var configuration = worker.configuration(new WorkerId(name), data.resolve(name));
      var started = WorkerAgent.start(configuration, context, Objects.requireNonNull(end));
      agent = started;
      started.connected().onFailure(refused -> stop(Duration.ZERO));
    } catch (RuntimeException e) {
      System.err.println(e.getMessage());
      leave(ExitCode.PLATFORM);
    }
  }

  @Override
  public void stop(Duration atMost) {
    if (agent == null) {
      leave(ExitCode.OK);
    } else {
      agent.drain(atMost).onComplete(done -> leave(ExitCode.OK));
    }
  }

  /** Nobody is there to read what is still said. */
  @Override
  public void gone(String reason) {
    vertx.setTimer(CLOSE_MILLIS, late -> Runtime.getRuntime().halt(ExitCode.OK.number()));
    if (agent != null) {
      agent.close().onComplete(done -> Runtime.getRuntime().halt(ExitCode.OK.number()));
    } else {
      Runtime.getRuntime().halt(ExitCode.OK.number());
    }
  }

  private void leave(ExitCode code) {
    Objects.requireNonNull(end).finish(() -> Runtime.getRuntime().halt(code.number()));
  }
}
