package dev.fanfare.command;

import dev.fanfare.ssh.SshException;
import dev.fanfare.ssh.SshTarget;
import dev.fanfare.ssh.SshWorker;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.StopSignal;
import dev.fanfare.worker.DialRefused;
import dev.fanfare.worker.Dialer;
import io.vertx.core.Context;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Keeps workers running on machines that ssh reaches, until somebody stops it. */
final class SshWorkers {
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

  private final Shell shell;
  private final SshWorker.Setting setting;
  private final Set<SshWorker> running = ConcurrentHashMap.newKeySet();
  private final CountDownLatch stopping = new CountDownLatch(1);

  /**
   * One of them.
   *
   * @param context the event loop of its session
   */
  record Far(
      String name, SshTarget target, Context context, Dialer dialer, List<String> arguments) {}

  SshWorkers(Shell shell, SshWorker.Setting setting) {
    this.shell = shell;
    this.setting = setting;
  }

  /** Runs them; returns when somebody stops it, or throws when none is left. */
  void run(List<Far> all, StopSignal stop, Function<Far, String> ready, Duration drain) {
    List<CompletableFuture<Void>> each = all.stream().map(far -> begin(far, ready)).toList();
    try {
      stop.awaitUnlessStopped(CompletableFuture.allOf(each.toArray(CompletableFuture[]::new)));
      stopping.countDown();
      running.forEach(worker -> worker.session().stop(drain));
      join(each, drain.plus(CLOSE_LIMIT));
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? inWords(known) : e;
    } finally {
      stopping.countDown();
      running.forEach(SshWorker::close);
    }
  }

  private static CommandException inWords(RuntimeException failure) {
    CommandException told =
        CommandException.platform(String.valueOf(failure.getMessage())).causedBy(failure);
    return failure instanceof DialRefused
        ? told.advise("on the platform: fanfare workers --join")
        : told;
  }

  private static void join(List<CompletableFuture<Void>> each, Duration atMost) {
    try {
      CompletableFuture.allOf(each.toArray(CompletableFuture[]::new))
          .orTimeout(atMost.toMillis(), TimeUnit.MILLISECONDS)
          .join();
    } catch (CompletionException e) {
      // What did not end in time is ended now, and its work given back.
    }
  }

  private CompletableFuture<Void> begin(Far far, Function<Far, String> ready) {
    var end = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .name("ssh-" + far.name())
        .start(
            () -> {
              try {
                keep(far, ready);
                end.complete(null);
              } catch (RuntimeException e) {
                end.completeExceptionally(e);
              }
            });
    return end;
  }

  /** Starts it, and again whenever the connection is lost; what fails at first fails for good. */
  private void keep(Far far, Function<Far, String> ready) {
    boolean once = false;
    Duration pause = FIRST_PAUSE;
    while (stopping.getCount() > 0) {
      String why;
      try {
        why = runOnce(far, ready);
        once = true;
        pause = FIRST_PAUSE;
      } catch (SshException e) {
        if (!once || !e.worthRetrying()) {
          throw e;
        }
        why = String.valueOf(e.getMessage());
      }
      if (stopping.getCount() > 0) {
        shell.say(
            "worker "
                + far.name()
                + " is lost ("
                + why
                + "); next try in "
                + pause.toSeconds()
                + " s");
        stoppedWithin(pause);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
      }
    }
  }

  private String runOnce(Far far, Function<Far, String> ready) {
    SshWorker worker =
        SshWorker.start(far.target(), setting, far.context(), far.dialer(), far.arguments());
    running.add(worker);
    try {
      worker.session().opened().toCompletionStage().toCompletableFuture().join();
      shell.out().println(ready.apply(far));
      return worker.end();
    } catch (CompletionException e) {
      throw e.getCause() instanceof DialRefused refused
          ? refused
          : SshException.unreachable(far.target(), worker.end());
    } finally {
      running.remove(worker);
      worker.close();
    }
  }

  private void stoppedWithin(Duration pause) {
    try {
      var _ = stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }
}
