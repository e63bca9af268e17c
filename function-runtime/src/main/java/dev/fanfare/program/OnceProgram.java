package dev.fanfare.program;

import dev.fanfare.execution.CommandFailed;
import dev.fanfare.execution.RunningCommand;
import dev.fanfare.execution.Signal;
import dev.fanfare.function.Invocation;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.ProgramManifest.Program;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A program with a process for each call: its input is the body, its output the result. */
public final class OnceProgram {
  private final Program program;
  private final FunctionName name;
  private final Path folder;

  public OnceProgram(Program program, FunctionName name, Path folder) {
    this.program = program;
    this.name = name;
    this.folder = folder;
  }

  /**
   * Runs it to its end.
   *
   * @throws ProgramFailed if it ended with a code other than 0
   * @throws InterruptedException if it was stopped; it is killed then
   */
  public void call(InputStream body, Invocation invocation, OutputStream result)
      throws IOException, InterruptedException {
    try (RunningCommand running =
        RunningCommand.start(Environment.once(program, name, folder, invocation))) {
      var errors = new ErrorTail();
      Thread log = errors.follow(running.err());
      var output = new Output(running.out(), result);
      Thread reader = daemon("program-output", output::copy);
      daemon("program-input", () -> feed(body, running.in()));
      int code = running.await();
      reader.join();
      log.join();
      output.check();
      if (code != 0) {
        throw ProgramFailed.exited(code, Signal.endedBy(code).orElse(""), errors.text());
      }
    } catch (CommandFailed e) {
      throw ProgramFailed.notStarted(String.valueOf(e.getMessage()));
    }
  }

  private static Thread daemon(String name, Runnable task) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static void feed(InputStream body, OutputStream in) {
    try (body;
        in) {
      body.transferTo(in);
    } catch (IOException e) {
      // it does not want to hear all of it
    }
  }

  /** Copies the output; what goes wrong, a result over the limit above all, is kept. */
  private static final class Output {
    private final InputStream from;
    private final OutputStream to;
    private volatile @Nullable Exception failure;

    Output(InputStream from, OutputStream to) {
      this.from = from;
      this.to = to;
    }

    void copy() {
      try (from) {
        from.transferTo(to);
      } catch (IOException | RuntimeException e) {
        failure = e;
      }
    }

    void check() throws IOException {
      Exception found = failure;
      if (found instanceof RuntimeException unchecked) {
        throw unchecked;
      } else if (found instanceof IOException io) {
        throw io;
      }
    }
  }
}
