package dev.fanfare.capture;

import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt writes: lines from standard output, standard error and loggers, in order, up to
 * the bounds of {@link LogLine}. What comes after them is counted and said in a last line.
 * Thread-safe.
 */
public final class Capture {
  private final InvocationId id;
  private final long fence;
  private final Consumer<LogLine> sink;
  private @Nullable LineBuffer out;
  private @Nullable LineBuffer err;
  private int sequence;
  private int characters;
  private long droppedLines;
  private long droppedCharacters;
  private volatile boolean ended;

  /** Catches for one attempt; {@code sink} takes the lines, must be quick and not call back. */
  public Capture(InvocationId id, long fence, Consumer<LogLine> sink) {
    this.id = id;
    this.fence = fence;
    this.sink = sink;
  }

  /** Whether the attempt is over; nothing is taken any more. */
  public boolean ended() {
    return ended;
  }

  /** Bytes written to standard output, or to standard error. */
  synchronized void write(boolean error, byte[] bytes, int offset, int count) {
    if (ended) {
      return;
    }
    if (full()) {
      drop(bytes, offset, count);
    } else {
      buffer(error).write(bytes, offset, count);
    }
  }

  /** One log record; its further lines stay in one text. */
  synchronized void log(String level, String text) {
    if (!ended) {
      line("log", level, text.length() > LogLine.TEXT_LIMIT ? LineBuffer.shorten(text) : text);
    }
  }

  /** The attempt is over: lines that have begun end here. */
  public synchronized void end() {
    if (ended) {
      return;
    }
    if (out != null) {
      out.finishPartial();
    }
    if (err != null) {
      err.finishPartial();
    }
    ended = true;
    if (droppedLines > 0 || droppedCharacters > 0) {
      emit("log", "WARNING", droppedWords());
    }
  }

  private LineBuffer buffer(boolean error) {
    if (error) {
      if (err == null) {
        err = new LineBuffer(text -> line("err", "", text));
      }
      return err;
    }
    if (out == null) {
      out = new LineBuffer(text -> line("out", "", text));
    }
    return out;
  }

  private void line(String source, String level, String text) {
    if (full() || characters + text.length() > LogLine.CHARACTERS_PER_ATTEMPT) {
      characters = LogLine.CHARACTERS_PER_ATTEMPT;
      droppedLines++;
      droppedCharacters += text.length();
      skipNumber();
    } else {
      characters += text.length();
      emit(source, level, text);
    }
  }

  private void emit(String source, String level, String text) {
    sequence++;
    long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    sink.accept(new LogLine(id, fence, sequence, now, source, level, text));
  }

  private boolean full() {
    return sequence >= LogLine.LINES_PER_ATTEMPT - 1
        || characters >= LogLine.CHARACTERS_PER_ATTEMPT;
  }

  private void drop(byte[] bytes, int offset, int count) {
    droppedCharacters += count;
    for (int i = offset; i < offset + count; i++) {
      if (bytes[i] == '\n') {
        droppedLines++;
        skipNumber();
      }
    }
  }

  /** The last line's number stays within the bound. */
  private void skipNumber() {
    sequence = Math.min(sequence + 1, LogLine.LINES_PER_ATTEMPT - 1);
  }

  private String droppedWords() {
    return droppedLines
        + " more lines with "
        + droppedCharacters
        + " characters were dropped: an attempt keeps "
        + LogLine.LINES_PER_ATTEMPT
        + " lines and "
        + LogLine.CHARACTERS_PER_ATTEMPT
        + " characters";
  }
}
