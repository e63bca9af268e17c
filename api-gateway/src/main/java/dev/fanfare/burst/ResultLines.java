package dev.fanfare.burst;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Base64;
import java.util.Locale;

/**
 * Writes results as NDJSON: {@code {"index":0,"id":"…","state":"SUCCEEDED","result":…}}. A JSON
 * result stands as it is, text as a JSON text, anything else in base 64 with {@code
 * "encoding":"base64"}; one that is too large to stand here is told by its link.
 */
final class ResultLines {
  private static final JsonStringEncoder TEXT = JsonStringEncoder.getInstance();

  private ResultLines() {}

  static void append(Buffer out, Ended ended) {
    ascii(out, "{\"index\":").appendBytes(Long.toString(ended.index()).getBytes(UTF_8));
    if (ended.id() != null) {
      ascii(out, ",\"id\":\"");
      ascii(out, ended.id().toString());
      ascii(out, "\"");
    }
    ascii(out, ",\"state\":\"");
    ascii(out, ended.state().name());
    ascii(out, "\"");
    switch (ended.outcome()) {
      case Outcome.Success(Payload.Inline result) -> result(out, result);
      case Outcome.Success(Payload.Blob result) -> elsewhere(out, ended, result);
      case Outcome.Failure(Fault fault) -> {
        ascii(out, ",\"error\":");
        error(out, ended, fault.code().code(), fault.type(), fault.message(), fault.stack());
      }
      case Outcome.Cancelled(String reason) -> {
        ascii(out, ",\"error\":");
        error(out, ended, "cancelled", "cancelled", reason, "");
      }
    }
    ascii(out, "}\n");
  }

  /** The error alone, as JSON, with the invocation's id. */
  static byte[] error(Ended ended) {
    Buffer out = Buffer.buffer();
    switch (ended.outcome()) {
      case Outcome.Failure(Fault fault) ->
          error(out, ended, fault.code().code(), fault.type(), fault.message(), fault.stack());
      case Outcome.Cancelled(String reason) ->
          error(out, ended, "cancelled", "cancelled", reason, "");
      case Outcome.Success success ->
          throw new IllegalArgumentException("item " + ended.index() + " has no error");
    }
    return out.getBytes();
  }

  private static void error(
      Buffer out, Ended ended, String code, String type, String message, String stack) {
    field(ascii(out, "{\"code\":"), code);
    field(ascii(out, ",\"type\":"), type);
    field(ascii(out, ",\"message\":"), message);
    field(ascii(out, ",\"stack\":"), stack);
    if (ended.outcome() instanceof Outcome.Failure(Fault fault) && fault.status() != 0) {
      ascii(out, ",\"status\":" + fault.status());
    }
    if (ended.id() != null) {
      field(ascii(out, ",\"id\":"), ended.id().toString());
    }
    if (ended.worker() != null) {
      field(ascii(out, ",\"worker\":"), ended.worker().value());
    }
    ascii(out, ",\"attempt\":" + ended.attempt());
    if (ended.line() != 0) {
      ascii(out, ",\"line\":" + ended.line());
    }
    ascii(out, "}");
  }

  private static void result(Buffer out, Payload.Inline result) {
    String type = result.contentType().toLowerCase(Locale.ROOT);
    if (isJson(type) && result.bytes().length == 0) {
      ascii(out, ",\"result\":null");
    } else if (isJson(type) && JsonCheck.problem(result.bytes()).isEmpty()) {
      ascii(out, ",\"result\":").appendBytes(oneLine(result.bytes()));
    } else if (type.startsWith("text/") && isText(result.bytes())) {
      field(ascii(out, ",\"result\":"), new String(result.bytes(), UTF_8));
    } else {
      ascii(out, ",\"encoding\":\"base64\",\"result\":\"")
          .appendBytes(Base64.getEncoder().encode(result.bytes()));
      ascii(out, "\"");
      if (!type.startsWith("application/octet-stream")) {
        field(ascii(out, ",\"contentType\":"), result.contentType());
      }
    }
  }

  private static void elsewhere(Buffer out, Ended ended, Payload.Blob result) {
    field(ascii(out, ",\"link\":"), "/invocations/" + ended.id() + "/result");
    field(ascii(out, ",\"contentType\":"), result.contentType());
    ascii(out, ",\"bytes\":" + result.size());
  }

  /** Whether the content type, in lower case, is JSON. */
  static boolean isJson(String type) {
    return type.startsWith("application/json") || type.contains("+json");
  }

  /** Line breaks can stand only between a JSON value's parts, where a blank does as well. */
  private static byte[] oneLine(byte[] json) {
    byte[] line = json.clone();
    for (int i = 0; i < line.length; i++) {
      if (line[i] == '\n' || line[i] == '\r') {
        line[i] = ' ';
      }
    }
    return line;
  }

  private static boolean isText(byte[] bytes) {
    try {
      Charset.forName("UTF-8").newDecoder().decode(java.nio.ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void field(Buffer out, String text) {
    ascii(out, "\"").appendBytes(TEXT.quoteAsUTF8(text));
    ascii(out, "\"");
  }

  private static Buffer ascii(Buffer out, String text) {
    return out.appendBytes(text.getBytes(UTF_8));
  }
}
