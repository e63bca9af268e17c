package dev.fanfare.execution;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs, in a session of its own. Closing it kills it with everything that it
 * started, also what has left its session; what it leaves running when it ends is killed then.
 * Thread-safe.
 */
public final class RunningCommand implements AutoCloseable {
  private static final List<Path> SETSID =
      List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

  /** So that its worker finds what it left when this process was killed. */
  private static final @Nullable String RUNTIME_MARK = System.getenv(Offspring.RUNTIME);

  private static final Set<RunningCommand> RUNNING = ConcurrentHashMap.newKeySet();

  private final Process process;
  private final @Nullable Terminal terminal;
  private final Offspring offspring;

  private RunningCommand(Process process, @Nullable Terminal terminal, String mark) {
    this.process = process;
    this.terminal = terminal;
    this.offspring = new Offspring(process.toHandle(), Offspring.COMMAND, mark);
    RUNNING.add(this);
  }

  /** Kills all commands of this process, which is about to end. */
  public static void closeAll() {
    RUNNING.forEach(RunningCommand::close);
  }

  /**
   * Starts a command.
   *
   * @throws CommandFailed if there is no such program or folder, or it cannot be run
   */
  public static RunningCommand start(Command command) throws CommandFailed {
    Path program = Programs.find(command);
    Optional<Path> setsid = SETSID.stream().filter(Files::isExecutable).findFirst();
    if (command.terminal().isPresent() && setsid.isEmpty()) {
      throw new CommandFailed(
          CommandFailed.NOT_ALLOWED,
          "this worker has no setsid and so no terminals: install util-linux on it, or leave -t"
              + " out");
    }
    var words = new ArrayList<String>();
    setsid.ifPresent(tool -> words.add(tool.toString()));
    if (command.terminal().isPresent()) {
      words.add("--ctty");
    }
    words.addAll(DefaultSignals.before(program));
    words.add(program.toString());
    words.addAll(command.words().subList(1, command.words().size()));
    return start(command, words);
  }

  private static RunningCommand start(Command command, List<String> words) throws CommandFailed {
    String mark = UUID.randomUUID().toString();
    var builder = new ProcessBuilder(words).directory(command.folder().toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.putAll(command.environment());
    environment.put(Offspring.COMMAND, mark);
    if (RUNTIME_MARK != null) {
      environment.put(Offspring.RUNTIME, RUNTIME_MARK);
    }
    Terminal terminal = null;
    try {
      if (command.terminal().isPresent()) {
        terminal = Terminal.open(command.terminal().get());
        builder
            .redirectInput(terminal.file())
            .redirectOutput(Redirect.to(terminal.file()))
            .redirectError(Redirect.to(terminal.file()));
      }
      return new RunningCommand(builder.start(), terminal, mark);
    } catch (IOException e) {
      if (terminal != null) {
        terminal.close();
      }
      throw new CommandFailed(
          CommandFailed.NOT_ALLOWED,
          command.words().getFirst() + " cannot be started: " + e.getMessage());
    }
  }

  /** Where its standard input is written; closing it is the end of input. */
  public OutputStream in() {
    return terminal == null ? process.getOutputStream() : terminal.writing();
  }

  /** Its standard output; with a terminal, all that it shows. */
  public InputStream out() {
    return terminal == null ? process.getInputStream() : terminal.reading();
  }

  /** Its standard error; with a terminal, nothing. */
  public InputStream err() {
    return terminal == null ? process.getErrorStream() : InputStream.nullInputStream();
  }

  /** Sends a signal to the command and the others of its session's first group. */
  public void signal(Signal signal) {
    if (process.isAlive() && !LibC.kill(-process.pid(), signal.number())) {
      LibC.kill(process.pid(), signal.number());
    }
  }

  /** Tells it the new size of its terminal, if it has one. */
  public void resize(Screen screen) {
    if (terminal != null) {
      terminal.resize(screen);
    }
  }

  /** The process's number. */
  public long pid() {
    return process.pid();
  }

  /**
   * Waits until the command has ended, and kills what it left.
   *
   * @return its exit code; 128 and the number of the signal that ended it
   */
  public int await() throws InterruptedException {
    int code = process.waitFor();
    offspring.kill();
    return code;
  }

  /** Kills it with everything that it started. */
  @Override
  public void close() {
    RUNNING.remove(this);
    offspring.kill();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (terminal != null) {
      terminal.close();
    }
  }
}
