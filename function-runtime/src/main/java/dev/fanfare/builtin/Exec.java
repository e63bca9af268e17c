package dev.fanfare.builtin;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.console.Blocks;
import dev.fanfare.execution.Command;
import dev.fanfare.execution.CommandFailed;
import dev.fanfare.execution.RunningCommand;
import dev.fanfare.execution.Signal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code fanfare.exec}: runs a command of this machine. The request is a line of JSON, then the
 * command's standard input; the answer is {@link Blocks}. The command is killed with all that it
 * started when the invocation is stopped.
 */
public final class Exec {
  private static final String HOME = System.getProperty("user.home");
  private static final JsonMapper JSON = new JsonMapper();

  private Exec() {}

  /**
   * The line before the input.
   *
   * @param command the program and its arguments
   * @param environment variables beside the usual ones, or instead of them
   * @param folder where it starts; the home folder of the worker's user if it is absent
   */
  record Request(
      List<String> command, @Nullable Map<String, String> environment, @Nullable String folder) {}

  /** Runs the command to its end. */
  public static void run(InputStream request, OutputStream answer)
      throws IOException, InterruptedException {
    Command wanted = command(JSON.readValue(line(request), Request.class));
    try (RunningCommand command = RunningCommand.start(wanted)) {
      var answers = new Answers(answer, command);
      Thread out = daemon("command-output", () -> answers.copy(command.out(), false));
      Thread err = daemon("command-errors", () -> answers.copy(command.err(), true));
      daemon("command-input", () -> feed(request, command.in()));
      int code = command.await();
      out.join();
      err.join();
      answers.end(new Blocks.Exit(code, Signal.endedBy(code).orElse("")));
    } catch (CommandFailed e) {
      Blocks.write(answer, new Blocks.Exit(e.code(), String.valueOf(e.getMessage())));
    }
  }

  private static byte[] line(InputStream from) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = from.read(); next >= 0 && next != '\n'; next = from.read()) {
      line.write(next);
    }
    return line.toByteArray();
  }

  private static Command command(Request request) {
    var environment = new TreeMap<String, String>();
    environment.put("PATH", Command.USUAL_PATH);
    environment.put("HOME", HOME);
    environment.put("USER", System.getProperty("user.name"));
    environment.put("LANG", "C.UTF-8");
    if (request.environment() != null) {
      environment.putAll(request.environment());
    }
    Path folder = Path.of(request.folder() == null ? HOME : request.folder());
    return new Command(request.command(), environment, folder, Optional.empty());
  }

  private static void feed(InputStream from, OutputStream to) {
    try (from;
        to) {
      from.transferTo(to);
    } catch (IOException e) {
      // the command does not want to hear all of it
    }
  }

  private static Thread daemon(String name, Runnable task) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Puts both streams into the answer; an answer over the limit ends the command. */
  private static final class Answers {
    private final OutputStream answer;
    private final RunningCommand command;
    private @Nullable RuntimeException failure;

    Answers(OutputStream answer, RunningCommand command) {
      this.answer = answer;
      this.command = command;
    }

    void copy(InputStream from, boolean errors) {
      byte[] buffer = new byte[Blocks.MOST_BYTES];
      try (from) {
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
          write(errors, buffer, count);
        }
      } catch (IOException e) {
        // the command was killed
      } catch (RuntimeException e) {
        fail(e);
      }
    }

    private synchronized void write(boolean errors, byte[] bytes, int count) throws IOException {
      if (failure == null) {
        Blocks.write(answer, errors, bytes, count);
      }
    }

    private void fail(RuntimeException e) {
      synchronized (this) {
        failure = e;
      }
      command.close();
    }

    synchronized void end(Blocks.Exit exit) throws IOException {
      if (failure != null) {
        throw failure;
      }
      Blocks.write(answer, exit);
    }
  }
}
