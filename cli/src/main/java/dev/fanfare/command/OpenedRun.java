package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.CallOptions;
import dev.fanfare.client.FanfareException;
import dev.fanfare.client.FunctionFailed;
import dev.fanfare.client.OpenChannel;
import dev.fanfare.client.Refused;
import dev.fanfare.function.ChannelException;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Opens a function that takes a channel, with {@linkplain ItemLines lines} for its items, and ends
 * as it ends. What the function prints goes to standard error, so that standard output has the
 * items alone.
 */
final class OpenedRun {
  private static final Duration FOR_EVER = Duration.ofDays(365);
  private static final int NO_CAPACITY = 503;

  private final Fanfare fanfare;
  private final FollowedRun outcome;

  /**
   * @param subject what is told of, for example a file's name
   */
  OpenedRun(Remote remote, Fanfare fanfare, String subject) {
    this.fanfare = fanfare;
    this.outcome = new FollowedRun(remote, fanfare, subject);
  }

  /** The exit code to end with; when this process ends before, the invocation is cancelled. */
  int run(String function, @Nullable Object argument, CallOptions options) {
    try (var platform = fanfare.client()) {
      return talk(platform.open(function, JsonNode.class, Object.class, argument, options));
    } catch (FanfareException e) {
      throw refused(e);
    } catch (ChannelException e) {
      throw CommandException.platform(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /** Why the platform did not take it. */
  static CommandException refused(FanfareException failure) {
    String message = String.valueOf(failure.getMessage());
    boolean unknown = failure instanceof Refused refusal && refusal.status() == 404;
    return (unknown ? CommandException.notFound(message) : CommandException.platform(message))
        .causedBy(failure);
  }

  private int talk(OpenChannel<JsonNode, Object> channel) {
    String id = channel.invocation();
    Thread printed = Thread.ofVirtual().start(() -> outcome.copyPrinted(id));
    if (!new ItemLines(fanfare.shell()).copy(channel)) {
      return ExitCode.OK.number();
    }
    try {
      return exitCode(channel, printed);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandException.interrupted();
    }
  }

  private int exitCode(OpenChannel<JsonNode, Object> channel, Thread printed)
      throws InterruptedException {
    try {
      channel.awaitEnd(FOR_EVER);
      printed.join();
      return ExitCode.OK.number();
    } catch (FunctionFailed e) {
      if (e.status() == NO_CAPACITY) {
        throw CommandException.platform(e.remoteMessage());
      }
      return outcome.exitCode(channel.invocation(), printed);
    }
  }
}
