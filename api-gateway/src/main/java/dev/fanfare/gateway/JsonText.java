package dev.fanfare.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.protocol.NodeId;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** How the management resources read and write JSON. */
final class JsonText {
  private static final int DEEPEST = 100;
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  static {
    MAPPER
        .getFactory()
        .setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build());
  }

  private JsonText() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  static JsonNode node(Object value) {
    return value instanceof JsonNode node ? node : MAPPER.valueToTree(value);
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /** Names the nodes that did not answer, and whose part therefore is missing; none by default. */
  static void putSilent(ObjectNode document, List<NodeId> silent) {
    if (!silent.isEmpty()) {
      ArrayNode missing = document.putArray("missing");
      silent.forEach(node -> missing.add(node.value()));
    }
  }

  /** Reads a JSON object; nothing at all is an empty one. Refuses what is none. */
  static JsonNode read(byte[] bytes) {
    if (bytes.length == 0) {
      return object();
    }
    try {
      JsonNode document = MAPPER.readTree(bytes);
      if (!document.isObject()) {
        throw new Refused(Problem.badRequest("the body is JSON, but no object"));
      }
      return document;
    } catch (IOException e) {
      throw new Refused(
          Problem.badRequest("the body is not JSON: " + firstLine(String.valueOf(e.getMessage()))));
    }
  }

  /** ISO-8601 in UTC with microseconds. */
  static String time(long epochMicros) {
    return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS).toString();
  }

  /** Microseconds as seconds, exact to the microsecond: {@code 0.001234}. */
  static String seconds(long micros) {
    char[] text = new char[20];
    int at = text.length;
    long rest = Math.max(0, micros);
    for (int digit = 0; digit < 6; digit++) {
      text[--at] = (char) ('0' + rest % 10);
      rest /= 10;
    }
    text[--at] = '.';
    do {
      text[--at] = (char) ('0' + rest % 10);
      rest /= 10;
    } while (rest != 0);
    return new String(text, at, text.length - at);
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }
}
