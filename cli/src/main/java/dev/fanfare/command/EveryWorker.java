package dev.fanfare.command;

import dev.fanfare.client.ExecOptions;
import dev.fanfare.client.Executed;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FanfareException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
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
    try {
      Executed executed = platform.worker(name).exec(options, words);
      print(executed.out(), shell.out(), head);
      print(executed.err(), shell.err(), head);
      if (executed.code() != 0) {
        String why = executed.words().isEmpty() ? "" : " (" + executed.words() + ")";
        shell.say(head + "exit code " + executed.code() + why);
      }
      return executed.code();
    } catch (FanfareException e) {
      shell.say(head + e.getMessage());
      return ExitCode.PLATFORM.number();
    }
  }

  private static void print(byte[] bytes, PrintStream to, String head) {
    new String(bytes, StandardCharsets.UTF_8).lines().forEach(line -> to.println(head + line));
  }
}
