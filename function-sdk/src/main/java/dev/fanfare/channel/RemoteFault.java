package dev.fanfare.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.function.ChannelFailed;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;

/**
 * Why a channel's end failed, as the other end is told.
 *
 * @param code stable, for example {@code user-fault}
 * @param type the class that was thrown, or the code where nothing was
 * @param stack empty where there is none; cut after {@value #STACK_LIMIT} characters
 */
public record RemoteFault(String code, String type, String message, String stack) {
  static final int MESSAGE_LIMIT = 4_096;
  static final int STACK_LIMIT = 16_384;

  private static final ObjectMapper JSON = new ObjectMapper();

  public RemoteFault {
    message = cut(message, MESSAGE_LIMIT);
    stack = cut(stack, STACK_LIMIT);
  }

  /** A fault without class or stack. */
  public static RemoteFault of(String code, String message) {
    return new RemoteFault(code, code, message, "");
  }

  /** What was thrown here. */
  public static RemoteFault of(Throwable thrown) {
    var stack = new StringWriter();
    thrown.printStackTrace(new PrintWriter(stack, true));
    String message = String.valueOf(thrown.getMessage());
    return new RemoteFault("user-fault", thrown.getClass().getName(), message, stack.toString());
  }

  /** As the content of an {@link EventKind#ERROR}. */
  public byte[] content() {
    var json = JSON.createObjectNode();
    json.put("code", code).put("type", type).put("message", message);
    if (!stack.isEmpty()) {
      json.put("stack", stack);
    }
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Reads the content of an {@link EventKind#ERROR}; what is missing there is made up. */
  public static RemoteFault read(byte[] content) {
    try {
      JsonNode json = JSON.readTree(content);
      String code = json.path("code").asText("failed");
      return new RemoteFault(
          code,
          json.path("type").asText(code),
          json.path("message").asText("no reason was given"),
          json.path("stack").asText(""));
    } catch (IOException e) {
      throw new MalformedEvents("an error is no JSON");
    }
  }

  ChannelFailed thrown() {
    return new ChannelFailed(code, type, message, stack);
  }

  private static String cut(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
  }
}
