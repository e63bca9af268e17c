package dev.fanfare.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fanfare.client.CallOptions;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FanfareException;
import dev.fanfare.client.OpenChannel;
import dev.fanfare.client.Refused;
import dev.fanfare.function.ChannelException;
import dev.fanfare.function.ChannelFailed;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A channel with a function as this process's streams: each line of standard input is an item to
 * it, each of its items a line of standard output.
 */
final class ChannelBridge {
  private final Shell shell;
  private final Fanfare platform;
  private final boolean raw;

  /**
   * @param raw whether texts are written as they are, not as JSON
   */
  ChannelBridge(Shell shell, Fanfare platform, boolean raw) {
    this.shell = shell;
    this.platform = platform;
    this.raw = raw;
  }

  /** Talks until the function has ended. */
  ExitCode talk(String function, @Nullable JsonNode argument, CallOptions options) {
    try (var channel = platform.open(function, JsonNode.class, JsonNode.class, argument, options)) {
      Thread.ofPlatform().daemon().name("fanfare-input").start(() -> feed(channel));
      PrintStream out = shell.out();
      for (JsonNode item : channel) {
        out.println(raw && item.isTextual() ? item.textValue() : Json.compact(item));
        out.flush();
      }
      return ExitCode.OK;
    } catch (ChannelFailed e) {
      return failed(e);
    } catch (ChannelException e) {
      throw CommandException.platform(String.valueOf(e.getMessage())).causedBy(e);
    } catch (FanfareException e) {
      throw refused(e);
    }
  }

  private void feed(OpenChannel<JsonNode, JsonNode> channel) {
    var lines = new BufferedReader(new InputStreamReader(shell.in(), StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        channel.send(item(line));
      }
      channel.end();
    } catch (IOException e) {
      channel.closeWithError("its client cannot read its input: " + e.getMessage());
    } catch (ChannelException e) {
      // the function takes no more; how it ends is told elsewhere
    }
  }

  /** A line that is no JSON is a text. */
  private static JsonNode item(String line) {
    try {
      JsonNode json = Json.read(line);
      return json.isMissingNode() ? TextNode.valueOf(line) : json;
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(line);
    }
  }

  private ExitCode failed(ChannelFailed failure) {
    shell.out().flush();
    shell.say(String.valueOf(failure.getMessage()));
    if (!failure.remoteStack().isBlank()) {
      shell.err().println(failure.remoteStack().strip());
    }
    return ExitCode.FUNCTION_FAILED;
  }

  /** Why the platform did not take it. */
  static CommandException refused(FanfareException failure) {
    String message = String.valueOf(failure.getMessage());
    boolean unknown = failure instanceof Refused refusal && refusal.status() == 404;
    return (unknown ? CommandException.notFound(message) : CommandException.platform(message))
        .causedBy(failure);
  }
}
