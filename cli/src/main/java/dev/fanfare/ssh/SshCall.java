package dev.fanfare.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One running {@code ssh}. What it says on its standard error is kept, and passed on. */
final class SshCall implements AutoCloseable {
  private static final int LINES_KEPT = 20;
  private static final int SSH_ITSELF_FAILED = 255;
  private static final int END_SECONDS = 10;

  private final SshTarget target;
  private final Process process;
  private final ArrayDeque<String> said = new ArrayDeque<>();
  private final CompletableFuture<Void> errorEnds = new CompletableFuture<>();

  private SshCall(SshTarget target, Process process) {
    this.target = target;
    this.process = process;
  }

  /** Starts a command on the machine; lines of its standard error go to {@code listener}. */
  static SshCall start(SshTarget target, String command, Consumer<String> listener) {
    try {
      var call = new SshCall(target, new ProcessBuilder(target.running(command)).start());
      Thread.ofVirtual().start(() -> call.collect(listener));
      return call;
    } catch (IOException e) {
      throw SshException.because(target, "no ssh can be started here: " + e.getMessage());
    }
  }

  InputStream out() {
    return process.getInputStream();
  }

  OutputStream in() {
    return process.getOutputStream();
  }

  /**
   * Waits for its end.
   *
   * @throws SshException in words if it did not end well
   */
  void finish(String doing) {
    int exit = await();
    if (exit != 0) {
      throw failure(exit, doing);
    }
  }

  /** Why it ended so. */
  SshException failure(int exit, String doing) {
    String last = lastWords();
    if (exit == SSH_ITSELF_FAILED) {
      boolean forGood =
          last.contains("Permission denied")
              || last.contains("Host key verification failed")
              || last.contains("Could not resolve hostname");
      String words = "ssh cannot connect: " + (last.isEmpty() ? "no reason given" : last);
      return forGood
          ? SshException.because(target, words)
          : SshException.unreachable(target, words);
    }
    return SshException.unreachable(
        target, doing + " failed with exit code " + exit + (last.isEmpty() ? "" : ": " + last));
  }

  /** Waits until it has ended; its exit code. */
  int await() {
    try {
      int exit = process.waitFor();
      errorEnds.orTimeout(END_SECONDS, TimeUnit.SECONDS).exceptionally(late -> null).join();
      return exit;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw SshException.because(target, "it was interrupted");
    }
  }

  String lastWords() {
    synchronized (said) {
      return String.join("; ", said.stream().skip(Math.max(0, said.size() - 3)).toList());
    }
  }

  @Override
  public void close() {
    process.destroy();
  }

  private void collect(Consumer<String> listener) {
    try (var reader = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        String clean = line.strip();
        synchronized (said) {
          said.addLast(clean);
          if (said.size() > LINES_KEPT) {
            said.removeFirst();
          }
        }
        listener.accept(clean);
      }
    } catch (IOException e) {
      listener.accept("what it said further is lost: " + e.getMessage());
    } finally {
      errorEnds.complete(null);
    }
  }
}
