package dev.fanfare.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** A worker, or one of those with the labels asked for. Immutable and thread-safe. */
public final class RemoteWorker {
  static final String EXEC = "fanfare.exec";

  private final Channels channels;
  private final CallOptions options;

  RemoteWorker(Channels channels, CallOptions options) {
    this.channels = channels;
    this.options = options;
  }

  /** Runs a command there, as of {@link #exec(ExecOptions, String...)}. */
  public RemoteCommand exec(String... words) {
    return exec(ExecOptions.NONE, words);
  }

  /**
   * Runs a command there. The worker must have been started with {@code --allow-exec}, and the key
   * must have the scope {@code exec} or {@code admin}.
   *
   * @param words the program and its arguments; no shell reads them
   * @return the command, to be closed: whatever runs of it then is killed
   * @throws Refused if the key may not, or no such worker is connected
   * @throws Unreachable if the platform does not answer
   */
  public RemoteCommand exec(ExecOptions how, String... words) {
    ObjectNode argument = JsonNodeFactory.instance.objectNode();
    List.of(words).forEach(argument.putArray("command")::add);
    how.environment().forEach(argument.putObject("environment")::put);
    if (how.folder() != null) {
      argument.put("folder", how.folder());
    }
    ExecOptions.Terminal terminal = how.terminal();
    if (terminal != null) {
      argument
          .putObject("terminal")
          .put("columns", terminal.columns())
          .put("rows", terminal.rows());
    }
    CallOptions limited = how.timeout() == null ? options : options.withTimeout(how.timeout());
    return new RemoteCommand(channels.open(EXEC, argument, limited));
  }
}
