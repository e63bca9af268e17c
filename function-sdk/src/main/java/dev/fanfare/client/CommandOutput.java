package dev.fanfare.client;

/**
 * What a command wrote, read as UTF-8, and how it ended.
 *
 * @param out what it wrote to its standard output, at most {@value #MOST_BYTES} bytes of it
 * @param err the same of its standard error
 */
public record CommandOutput(RemoteCommand.Exit exit, String out, String err) {
  /** What is kept of each stream; the rest is read and thrown away. */
  public static final int MOST_BYTES = 1 << 20;
}
