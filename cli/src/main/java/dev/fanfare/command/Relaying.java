package dev.fanfare.command;

import dev.fanfare.platform.EventLoops;
import dev.fanfare.protocol.WorkerAddress;
import dev.fanfare.relay.RelayConfiguration;
import dev.fanfare.relay.RelayServer;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.StopSignal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Runs a relay until somebody stops it. */
final class Relaying {
  private static final long CLOSE_SECONDS = 5;

  private final Shell shell;
  private final RelayConfiguration configuration;

  Relaying(Shell shell, RelayConfiguration configuration) {
    this.shell = shell;
    this.configuration = configuration;
  }

  ExitCode run() {
    Vertx vertx = EventLoops.start();
    try (StopSignal stop = StopSignal.install()) {
      RelayServer relay = started(vertx);
      shell
          .out()
          .println(
              "ready relay "
                  + configuration.name()
                  + " listens at "
                  + relay.address()
                  + " for "
                  + String.join(
                      ", ", configuration.upward().stream().map(String::valueOf).toList()));
      shell.say("workers join through it: fanfare worker --gateway " + relay.address());
      ExitCode code = stop.await();
      end(relay.close());
      return code;
    } finally {
      end(vertx.close());
    }
  }

  private RelayServer started(Vertx vertx) {
    try {
      return RelayServer.start(configuration, vertx.getOrCreateContext())
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CommandException.platform(String.valueOf(cause.getMessage())).causedBy(cause);
    }
  }

  private static void end(Future<?> ending) {
    ending
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(CLOSE_SECONDS, TimeUnit.SECONDS)
        .exceptionally(late -> null)
        .join();
  }

  static List<WorkerAddress> addresses(List<String> texts) {
    try {
      return texts.stream().map(WorkerAddress::parse).toList();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--connect: " + e.getMessage());
    }
  }
}
