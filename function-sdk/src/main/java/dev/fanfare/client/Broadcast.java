package dev.fanfare.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs something once on every worker that matches, and tells of each what came of it. Which
 * workers these are is looked at now, and until the window is over; one that is lost and comes back
 * is not asked again. Immutable and thread-safe; asking blocks the calling thread.
 *
 * <pre>{@code
 * for (var answer : fanfare.broadcast(WorkerChoice.all()).call(fanfare.function("warm-up", String.class), null)) {
 *   System.out.println(answer.worker() + ": " + (answer.ok() ? answer.value() : answer.message()));
 * }
 * }</pre>
 */
public final class Broadcast {
  /** How long a worker may take unless something else is said, waiting included. */
  public static final Duration LONGEST = Duration.ofMinutes(5);

  private static final long LOOK_MILLIS = 250;

  private final Fanfare fanfare;
  private final Connection connection;
  private final RemoteSources sources;
  private final WorkerChoice choice;
  private final Duration window;
  private final CallOptions options;

  /** Does it on one worker. */
  private interface Doing<R> {
    Answer<R> on(String worker, CallOptions options);
  }

  Broadcast(
      Fanfare fanfare,
      Connection connection,
      RemoteSources sources,
      WorkerChoice choice,
      Duration window,
      CallOptions options) {
    this.fanfare = fanfare;
    this.connection = connection;
    this.sources = sources;
    this.choice = choice;
    this.window = window;
    this.options = options;
  }

  /** The same, on workers that join within this time, too; zero by default. */
  public Broadcast withWindow(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("the window is not negative, but is " + time);
    }
    return new Broadcast(fanfare, connection, sources, choice, time, options);
  }

  /**
   * The same with these options. Their deadline says how long each worker may take, waiting
   * included; {@link #LONGEST} by default. Constraints make workers that do not meet them refuse.
   */
  public Broadcast with(CallOptions other) {
    return new Broadcast(fanfare, connection, sources, choice, window, other);
  }

  /** Calls a function, as of {@link #call(RemoteFunction, Object, Consumer)}. */
  public <R> List<Answer<R>> call(RemoteFunction<R> function, @Nullable Object argument) {
    return call(function, argument, answer -> {});
  }

  /**
   * Calls a function once on each worker.
   *
   * @param asTheyCome is told of each answer when it is there, one at a time
   * @return the answers, in the order in which they came
   * @throws Refused if the platform does not take it at all: no such function, a bad key; or if no
   *     worker matches within the window
   * @throws Unreachable if the platform does not answer
   */
  public <R> List<Answer<R>> call(
      RemoteFunction<R> function, @Nullable Object argument, Consumer<Answer<R>> asTheyCome) {
    return onEach(
        function.name(),
        asTheyCome,
        (worker, how) -> {
          long began = System.nanoTime();
          return Answering.result(worker, began, function.with(how).call(argument));
        });
  }

  /** Runs a command, as of {@link #exec(ExecOptions, Consumer, String...)}. */
  public List<Answer<CommandOutput>> exec(String... words) {
    return exec(ExecOptions.NONE, answer -> {}, words);
  }

  /** Runs a command once on each worker, without input; otherwise as of {@code call}. */
  public List<Answer<CommandOutput>> exec(
      ExecOptions how, Consumer<Answer<CommandOutput>> asTheyCome, String... words) {
    return onEach(
        RemoteWorker.EXEC,
        asTheyCome,
        (worker, limits) -> {
          long began = System.nanoTime();
          try (RemoteCommand command = fanfare.workerWith(limits).exec(how, words)) {
            return Answering.output(worker, began, Answering.read(command));
          }
        });
  }

  /** Runs Java source, as of {@link #run(String, String, List, Consumer)}. */
  public List<Answer<Ran>> run(String source, String... arguments) {
    return run(RemoteSources.fileOf(source), source, List.of(arguments), answer -> {});
  }

  /**
   * Runs Java source once on each worker, as of {@link Fanfare#remoteExec(String, String...)}.
   *
   * @param file what the source's file is called, for the compiler's messages
   */
  public List<Answer<Ran>> run(
      String file, String source, List<String> arguments, Consumer<Answer<Ran>> asTheyCome) {
    String function = sources.deployed(file, source);
    return onEach(
        function,
        asTheyCome,
        (worker, how) -> {
          long began = System.nanoTime();
          return Answering.result(worker, began, sources.runDeployed(function, arguments, how));
        });
  }

  /** What is asked of one worker alone. */
  static CallOptions at(String worker, CallOptions options) {
    var constraints = new ArrayList<>(options.constraints());
    constraints.add("worker=" + worker);
    return options.withConstraints(constraints.toArray(String[]::new));
  }

  private <R> List<Answer<R>> onEach(
      String function, Consumer<Answer<R>> asTheyCome, Doing<R> doing) {
    long end = System.nanoTime() + window.toNanos();
    Roster roster = Roster.forCalls(connection, choice, function, options);
    List<Roster.Present> present = roster.look();
    try (var answers = new Answering<R>(roster, asTheyCome)) {
      while (true) {
        for (Roster.Present worker : present) {
          CallOptions how = at(worker.name(), limited());
          answers.ask(worker, () -> doing.on(worker.name(), how));
        }
        long left = end - System.nanoTime();
        if (left <= 0 || answers.askedAll(choice.names())) {
          break;
        }
        Pauses.sleep(Math.min(LOOK_MILLIS, TimeUnit.NANOSECONDS.toMillis(left) + 1));
        present = lookAgain(roster);
      }
      choice.names().forEach(answers::missing);
      if (answers.nobody()) {
        roster.members(); // says in words what there is instead
      }
      return answers.await();
    }
  }

  private CallOptions limited() {
    return options.deadline() == null ? options.withDeadline(LONGEST) : options;
  }

  /** A platform that restarts within the window is waited for. */
  private static List<Roster.Present> lookAgain(Roster roster) {
    try {
      return roster.look();
    } catch (Unreachable | Refused e) {
      return List.of();
    }
  }
}
