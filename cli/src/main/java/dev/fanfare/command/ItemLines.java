package dev.fanfare.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.fanfare.client.OpenChannel;
import dev.fanfare.function.ChannelException;
import dev.fanfare.function.ChannelFailed;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * A channel's items on this process's streams, a line for each. A line of standard input that is a
 * number, a truth value, an object or an array in JSON is that; any other is a text, as it is. An
 * item that is a text becomes a line as it is, one of bytes is written without a line's end, any
 * other is a line of JSON.
 */
final class ItemLines {
  private final Shell shell;

  ItemLines(Shell shell) {
    this.shell = shell;
  }

  /**
   * Copies until the function sends no more, or nobody reads this process's output.
   *
   * @return whether all that came was written
   */
  boolean copy(OpenChannel<JsonNode, Object> channel) {
    Thread.ofPlatform().daemon().name("fanfare-input").start(() -> send(channel));
    PrintStream out = shell.out();
    try {
      for (JsonNode item : channel) {
        write(item, out);
        if (out.checkError()) {
          channel.cancel();
          return false;
        }
      }
    } catch (ChannelFailed e) {
      // how the invocation ended tells why
    }
    return true;
  }

  private static void write(JsonNode item, PrintStream out) {
    try {
      if (item.isBinary()) {
        out.write(item.binaryValue());
      } else {
        String line = item.isTextual() ? item.textValue() : item.toString();
        out.write((line + '\n').getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new IllegalStateException("a print stream tells errors when it is asked", e);
    }
  }

  private void send(OpenChannel<JsonNode, Object> channel) {
    var lines = new BufferedReader(new InputStreamReader(shell.in(), StandardCharsets.UTF_8));
    try {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        channel.send(item(line));
      }
      channel.end();
    } catch (IOException e) {
      channel.closeWithError("standard input cannot be read: " + e.getMessage());
    } catch (ChannelException e) {
      // the function takes no more
    }
  }

  /**
   * What a line is; a text that looks like a number reaches a function that takes texts as it is.
   */
  static Object item(String line) {
    try {
      JsonNode json = Json.read(line);
      boolean value = json.isNumber() || json.isBoolean() || json.isContainerNode();
      return value ? new RawValue(line) : line;
    } catch (JsonProcessingException e) {
      return line;
    }
  }
}
