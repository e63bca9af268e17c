package dev.fanfare.frame;

import dev.fanfare.protocol.InvocationId;

/**
 * One line that a function wrote.
 *
 * @param fence of the attempt that wrote it
 * @param sequence from 1 within the attempt; a gap means lines were dropped
 * @param epochMicros when, by the worker's clock
 * @param source {@code out}, {@code err} or {@code log}
 * @param level of a log record, empty for {@code out} and {@code err}
 * @param text at most {@link #TEXT_LIMIT} characters, without the line's end
 */
public record LogLine(
    InvocationId id,
    long fence,
    int sequence,
    long epochMicros,
    String source,
    String level,
    String text) {
  public static final int TEXT_LIMIT = 8_192;

  /** The most lines kept of one attempt; the last one kept says that more were dropped. */
  public static final int LINES_PER_ATTEMPT = 1_000;

  /** The most characters kept of one attempt. */
  public static final int CHARACTERS_PER_ATTEMPT = 256 * 1024;
}
