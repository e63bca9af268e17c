package dev.fanfare.history;

import dev.fanfare.history.Event.Action;
import dev.fanfare.history.Event.Kind;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes down what clients see, in memory and as JSON lines in a file. Thread-safe. */
public final class History implements AutoCloseable {
  /** {@link Event#key} of a fault that ended a node. */
  public static final String NODE_DEATH = "node";

  private final BufferedWriter file;
  private final List<Event> events = new ArrayList<>();
  private final Set<Operation> underWay = new HashSet<>();
  private final Set<String> unended = new HashSet<>();
  private final long start = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
  private final long startNanos = System.nanoTime();
  private long operations;

  /** Writes into a file that is made anew. */
  public History(Path file) {
    try {
      this.file = Files.newBufferedWriter(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An operation begins; it must come to one of its ends. */
  public Operation begin(Action action, String token, String id, String key) {
    synchronized (events) {
      var operation = new Operation(++operations, action, token, id, key);
      underWay.add(operation);
      operation.add(Kind.INVOKE, id, "", 0, "");
      return operation;
    }
  }

  /**
   * A fault is about to strike; returns how many operations it strikes: those that clients wait
   * for, and accepted work that nobody saw the end of.
   *
   * @param role {@link #NODE_DEATH} if it ends a node, else what else it strikes
   */
  public int fault(String role, String what) {
    synchronized (events) {
      int struck = underWay();
      new Operation(++operations, Action.FAULT, "", "", role).add(Kind.INFO, "", "", struck, what);
      return struck;
    }
  }

  /** What clients wait for, and accepted work that nobody saw the end of. */
  public int underWay() {
    synchronized (events) {
      return underWay.size() + unended.size();
    }
  }

  /** What clients wait for. */
  public int waitedFor() {
    synchronized (events) {
      return underWay.size();
    }
  }

  /** How many operations came to an end so far, good or bad. */
  public long ended() {
    synchronized (events) {
      return operations - underWay.size();
    }
  }

  /** Everything so far. */
  public List<Event> events() {
    synchronized (events) {
      return List.copyOf(events);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One thing that a client asks for. */
  public final class Operation {
    private final long number;
    private final Action action;
    private final String token;
    private final String id;
    private final String key;

    private Operation(long number, Action action, String token, String id, String key) {
      this.number = number;
      this.action = action;
      this.token = token;
      this.id = id;
      this.key = key;
    }

    /** Whether it came to no end yet. */
    public boolean isOpen() {
      synchronized (events) {
        return underWay.contains(this);
      }
    }

    String id() {
      return id;
    }

    /** It was done; the outcome is empty where none was told. */
    public void ok(String told, String outcome, long fence) {
      end(Kind.OK, told, outcome, fence, "");
    }

    /** It was certainly not done. */
    public void fail(String why) {
      end(Kind.FAIL, id, "", 0, why);
    }

    /** Nobody knows. */
    public void info(String told, String why) {
      end(Kind.INFO, told, "", 0, why);
    }

    private void end(Kind kind, String told, String outcome, long fence, String note) {
      synchronized (events) {
        underWay.remove(this);
        if (!outcome.isEmpty()) {
          unended.remove(told);
        } else if (kind == Kind.OK && action == Action.SUBMIT) {
          unended.add(told);
        }
        add(kind, told, outcome, fence, note);
      }
    }

    private void add(Kind kind, String told, String outcome, long fence, String note) {
      long at = start + (System.nanoTime() - startNanos) / 1_000;
      var event = new Event(number, kind, action, at, token, told, key, outcome, fence, note);
      events.add(event);
      try {
        file.write(event.line());
        file.newLine();
        file.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
