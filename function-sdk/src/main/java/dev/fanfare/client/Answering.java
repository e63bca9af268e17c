package dev.fanfare.client;

import dev.fanfare.client.Answer.Kind;
import dev.fanfare.function.ChannelException;
import dev.fanfare.function.ChannelFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the workers of one broadcast, each once, and makes an answer of whatever comes of it. */
final class Answering<R> implements AutoCloseable {
  private static final Set<String> LOST = Set.of("worker-lost", "connection-lost");

  private final Roster roster;
  private final Consumer<Answer<R>> asTheyCome;
  private final Threads threads = new Threads(Threads.MOST);
  private final Set<String> asked = new HashSet<>();
  private final List<Future<?>> pending = new ArrayList<>();
  private final List<Answer<R>> answers = new ArrayList<>();

  Answering(Roster roster, Consumer<Answer<R>> asTheyCome) {
    this.roster = roster;
    this.asTheyCome = asTheyCome;
  }

  /** Asks the worker, unless it was asked before. */
  void ask(Roster.Present worker, Supplier<Answer<R>> question) {
    if (!asked.add(worker.name())) {
      return;
    }
    String cannot = worker.cannotRun();
    if (cannot != null) {
      told(none(worker.name(), System.nanoTime(), Kind.REFUSAL, "does-not-match", cannot, ""));
    } else if (worker.draining()) {
      String words = "it is draining and takes nothing more";
      told(none(worker.name(), System.nanoTime(), Kind.REFUSAL, "draining", words, ""));
    } else {
      pending.add(threads.submit(() -> told(answer(worker.name(), question))));
    }
  }

  /** Nobody of this name was there to be asked. */
  void missing(String worker) {
    if (asked.add(worker)) {
      told(none(worker, System.nanoTime(), Kind.MISS, "not-connected", "it is not connected", ""));
    }
  }

  boolean askedAll(Collection<String> names) {
    return !names.isEmpty() && asked.containsAll(names);
  }

  boolean nobody() {
    return asked.isEmpty();
  }

  /** All answers, once they are there. */
  List<Answer<R>> await() {
    pending.forEach(Threads::get);
    synchronized (answers) {
      return List.copyOf(answers);
    }
  }

  @Override
  public void close() {
    threads.close();
  }

  private @Nullable Void told(Answer<R> answer) {
    synchronized (answers) {
      answers.add(answer);
      asTheyCome.accept(answer);
    }
    return null;
  }

  // ---- what came of it ----

  static <R> Answer<R> result(String worker, long began, R value) {
    return new Answer<>(worker, Kind.RESULT, value, "ok", "", "", since(began));
  }

  static Answer<CommandOutput> output(String worker, long began, CommandOutput output) {
    int code = output.exit().code();
    if (code == 0) {
      return result(worker, began, output);
    }
    String words = output.exit().words();
    return new Answer<>(
        worker,
        Kind.FAILURE,
        output,
        "exit-code",
        "exit code " + code + (words.isEmpty() ? "" : ": " + words),
        "",
        since(began));
  }

  /** What it writes, and its end; its input is empty. */
  static CommandOutput read(RemoteCommand command) {
    try (var reading = new Threads(1)) {
      command.in().close();
      Future<String> err = reading.submit(() -> text(command.err()));
      String out = text(command.out());
      return new CommandOutput(command.await(), out, Threads.get(err));
    } catch (IOException e) {
      command.await(); // which tells what is wrong
      throw new UncheckedIOException(e);
    }
  }

  private static String text(InputStream from) throws IOException {
    byte[] kept = from.readNBytes(CommandOutput.MOST_BYTES);
    long unused = from.transferTo(OutputStream.nullOutputStream());
    return new String(kept, StandardCharsets.UTF_8);
  }

  private Answer<R> answer(String worker, Supplier<Answer<R>> question) {
    long began = System.nanoTime();
    try {
      return question.get();
    } catch (FunctionFailed e) {
      return e.attempt() == 0 && e.code().equals("timed-out")
          ? none(worker, began, Kind.REFUSAL, "busy", e.remoteMessage(), "")
          : failed(worker, began, e.code(), e.remoteMessage(), e.remoteStack());
    } catch (ChannelFailed e) {
      return failed(worker, began, e.code(), e.remoteMessage(), e.remoteStack());
    } catch (Refused e) {
      return refused(worker, began, e);
    } catch (Unreachable e) {
      return none(worker, began, Kind.MISS, "unreachable", words(e), "");
    } catch (FanfareException | ChannelException | UncheckedIOException e) {
      return none(worker, began, Kind.MISS, "no-answer", words(e), "");
    }
  }

  private Answer<R> failed(String worker, long began, String code, String message, String stack) {
    Kind kind = LOST.contains(code) ? Kind.MISS : Kind.FAILURE;
    boolean waited = code.equals("timed-out") && message.contains("while it waited");
    return waited
        ? none(worker, began, Kind.REFUSAL, "busy", message, "")
        : none(worker, began, kind, code, message, stack);
  }

  /** Where no worker could run it any more, the one that was meant is gone. */
  private Answer<R> refused(String worker, long began, Refused refusal) {
    boolean gone = refusal.code().equals("no-capacity") && !roster.has(worker);
    return none(
        worker,
        began,
        gone ? Kind.MISS : Kind.REFUSAL,
        gone ? "worker-lost" : refusal.code(),
        gone ? "it was lost before it answered" : words(refusal),
        "");
  }

  private static String words(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }

  private static <R> Answer<R> none(
      String worker, long began, Kind kind, String code, String message, String stack) {
    return new Answer<>(worker, kind, null, code, message, stack, since(began));
  }

  private static Duration since(long began) {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
