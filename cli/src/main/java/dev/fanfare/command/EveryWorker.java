package dev.fanfare.command;

import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FanfareException;
import dev.fanfare.client.RemoteCommand;
import dev.fanfare.function.ChannelException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Runs a command on several workers at once; every line that it writes says on which. */
final class EveryWorker {
  private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

  private final Shell shell;

  EveryWorker(Shell shell) {
    this.shell = shell;
  }

  /** The greatest of the exit codes. */
  int run(Fanfare platform, List<String> names, ExecOptions options, String[] words) {
    int width = names.stream().mapToInt(String::length).max().orElse(0);
    var runs = new ArrayList<CompletableFuture<Integer>>();
    for (String name : names) {
      String head = name + " ".repeat(width - name.length()) + " | ";
      runs.add(
          CompletableFuture.supplyAsync(() -> run(platform, name, head, options, words), THREADS));
    }
    return runs.stream().mapToInt(CompletableFuture::join).max().orElse(0);
  }

  private int run(Fanfare platform, String name, String head, ExecOptions options, String[] words) {
    try (RemoteCommand command = platform.worker(name).exec(options, words)) {
      command.in().close();
      var out = copy(command.out(), shell.out(), head);
      var err = copy(command.err(), shell.err(), head);
      RemoteCommand.Exit exit = command.await();
      CompletableFuture.allOf(out, err).join();
      if (exit.code() != 0) {
        String why = exit.words().isEmpty() ? "" : " (" + exit.words() + ")";
        shell.say(head + "exit code " + exit.code() + why);
      }
      return exit.code();
    } catch (FanfareException | ChannelException | IOException e) {
      shell.say(head + e.getMessage());
      return ExitCode.PLATFORM.number();
    }
  }

  private static CompletableFuture<Void> copy(InputStream from, PrintStream to, String head) {
    return CompletableFuture.runAsync(
        () -> {
          try (var lines =
              new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
              to.println(head + line);
            }
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        },
        THREADS);
  }
}
