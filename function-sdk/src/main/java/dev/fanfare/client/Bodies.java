package dev.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Arguments into bodies, and bodies into results of one type. */
final class Bodies<R> {
  static final String JSON = "application/json";
  private static final String BYTES = "application/octet-stream";

  private final JsonMapper json;
  private final JavaType type;

  Bodies(JsonMapper json, JavaType type) {
    this.json = json;
    this.type = type;
  }

  /** Whether the argument can be sent twice. */
  static boolean repeatable(@Nullable Object argument) {
    return !(argument instanceof InputStream);
  }

  HttpRequest.Builder post(HttpRequest.Builder request, @Nullable Object argument) {
    if (argument == null) {
      return request.POST(BodyPublishers.noBody());
    }
    if (argument instanceof byte[] bytes) {
      return request.header("Content-Type", BYTES).POST(BodyPublishers.ofByteArray(bytes));
    }
    if (argument instanceof InputStream stream) {
      return request.header("Content-Type", BYTES).POST(BodyPublishers.ofInputStream(() -> stream));
    }
    if (argument instanceof Path path) {
      return request.header("Content-Type", BYTES).POST(file(path));
    }
    return request.header("Content-Type", JSON).POST(BodyPublishers.ofByteArray(written(argument)));
  }

  /** The result that an answer carries. */
  R result(HttpResponse<byte[]> answer) {
    return result(answer.body(), answer.headers().firstValue("Content-Type").orElse(JSON));
  }

  /** The result that these bytes are. */
  @SuppressWarnings({"unchecked", "NullAway"})
  R result(byte[] body, String contentType) {
    return (R) read(body, contentType);
  }

  /** The argument as JSON. */
  byte[] json(@Nullable Object argument) {
    return written(argument);
  }

  private @Nullable Object read(byte[] body, String contentType) {
    Class<?> raw = type.getRawClass();
    if (raw == byte[].class) {
      return body;
    }
    if (raw == Void.class || raw == void.class) {
      return null;
    }
    String media = contentType.toLowerCase(Locale.ROOT);
    boolean isJson = media.contains("json");
    try {
      if (raw == String.class) {
        return isJson ? textOf(body) : new String(body, UTF_8);
      }
      if (body.length == 0) {
        return json.convertValue(null, type);
      }
      if (isJson) {
        return json.readValue(body, type);
      }
      if (media.startsWith("text/")) {
        return json.convertValue(TextNode.valueOf(new String(body, UTF_8)), type);
      }
    } catch (IOException | IllegalArgumentException e) {
      throw new BadAnswer("the result is no " + type.toCanonical() + ": " + e.getMessage(), e);
    }
    if (JsonNode.class.isAssignableFrom(raw)) {
      return BinaryNode.valueOf(body);
    }
    throw new BadAnswer(
        "the result is " + contentType + ", which only byte[] takes, not " + type.toCanonical(),
        null);
  }

  /** A JSON text without its quotes, other JSON as it is written. */
  private String textOf(byte[] body) throws IOException {
    if (body.length == 0) {
      return "";
    }
    JsonNode tree = json.readTree(body);
    return tree.isTextual() ? tree.textValue() : new String(body, UTF_8);
  }

  private byte[] written(@Nullable Object argument) {
    try {
      return json.writeValueAsBytes(argument);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the argument, a "
              + (argument == null ? "null" : argument.getClass().getName())
              + ", cannot be written as JSON: "
              + e.getOriginalMessage(),
          e);
    }
  }

  private static HttpRequest.BodyPublisher file(Path path) {
    try {
      return BodyPublishers.ofFile(path);
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException("there is no file " + path, e);
    }
  }
}
