package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.wire.ResultKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The failures of single items. */
final class FailedItem {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SERVER_ERROR = 500;

  private FailedItem() {}

  /** What the platform tells of a failed item. */
  static FunctionFailed read(byte[] content) {
    JsonNode error;
    try {
      error = JSON.readTree(content);
    } catch (IOException e) {
      throw new BadAnswer("an item's failure is no JSON", e);
    }
    String code = error.path("code").asText("unknown");
    return new FunctionFailed(
        new FunctionFailed.Failure(
            code,
            error.path("type").asText(code),
            error.path("message").asText(""),
            error.path("stack").asText(""),
            error.path("status").asInt(SERVER_ERROR),
            error.path("id").asText("unknown"),
            error.path("worker").textValue(),
            error.path("attempt").asInt()));
  }

  /** An item that could not be written, and so was not sent. */
  static RawResult unsent(long index, RuntimeException thrown) {
    return new RawResult(index, ResultKind.FAILED, content("rejected", thrown));
  }

  /** An item that was cancelled while no gateway was there to say so. */
  static RawResult cancelled(long index, String reason) {
    ObjectNode json = JSON.createObjectNode();
    json.put("code", "cancelled").put("message", reason);
    return new RawResult(
        index, ResultKind.FAILED, json.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A result that came and cannot be read. */
  static FunctionFailed unreadable(RuntimeException thrown) {
    return read(content("bad-result", thrown));
  }

  private static byte[] content(String code, RuntimeException thrown) {
    ObjectNode json = JSON.createObjectNode();
    json.put("code", code).put("type", thrown.getClass().getName());
    json.put("message", String.valueOf(thrown.getMessage())).put("stack", "");
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
