package dev.fanfare.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.Payload;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/** Writes return values as bodies. Thread-safe. */
public final class Results {
  static final String JSON = "application/json";
  static final String TEXT = "text/plain; charset=utf-8";
  static final String BYTES = "application/octet-stream";
  private static final int PIECE = 16 * 1024;

  private final ResultKind kind;
  private final ObjectWriter writer;

  /** For return values of this type. */
  public Results(JsonMapper json, ResultKind kind, Type type) {
    this.kind = kind;
    this.writer =
        kind == ResultKind.JSON ? json.writerFor(json.constructType(type)) : json.writer();
  }

  /**
   * The value's body.
   *
   * @throws UnusableResult if it is too large or has no such form
   */
  public Payload write(@Nullable Object value, ResultSink sink) throws IOException {
    return switch (kind) {
      case NOTHING -> Payload.EMPTY;
      case JSON -> json(value, sink);
      case TEXT ->
          bytes(value == null ? new byte[0] : value.toString().getBytes(UTF_8), TEXT, sink);
      case BYTES -> bytes(value == null ? new byte[0] : (byte[]) value, BYTES, sink);
      case STREAM -> stream((InputStream) value, sink);
    };
  }

  /** The media type of a body of this kind. */
  public static String mediaType(ResultKind kind) {
    return switch (kind) {
      case JSON, NOTHING -> JSON;
      case TEXT -> TEXT;
      case BYTES, STREAM -> BYTES;
    };
  }

  private Payload json(@Nullable Object value, ResultSink sink) throws IOException {
    try {
      writer.writeValue(sink, value);
    } catch (UnusableResult e) {
      throw e;
    } catch (StreamConstraintsException e) {
      throw UnusableResult.notJson("it refers to itself, or is nested too deeply");
    } catch (JsonProcessingException e) {
      throw UnusableResult.notJson(words(e));
    } catch (StackOverflowError e) {
      throw UnusableResult.notJson("it refers to itself, or is nested too deeply");
    }
    return sink.payload(JSON);
  }

  private static String words(JsonProcessingException e) {
    if (e.getOriginalMessage().contains("nfinite recursion")
        || e.getOriginalMessage().contains("elf-reference")) {
      return "it refers to itself, or is nested too deeply";
    }
    String path = e instanceof JsonMappingException at ? Misfits.path("", at.getPath()) : "body";
    String where = path.equals("body") ? "" : " at " + path;
    if (e instanceof InvalidDefinitionException definition && e.getCause() == null) {
      return "a "
          + definition.getType().getRawClass().getName()
          + where
          + " has no JSON form (no record components, getters or public fields)";
    }
    Throwable cause = e.getCause();
    return (cause == null ? e.getOriginalMessage() : "reading it threw " + name(cause)) + where;
  }

  private static String name(Throwable thrown) {
    try {
      return thrown.toString();
    } catch (RuntimeException | StackOverflowError e) {
      return thrown.getClass().getName();
    }
  }

  private static Payload bytes(byte[] bytes, String contentType, ResultSink sink)
      throws IOException {
    sink.write(bytes, 0, bytes.length);
    return sink.payload(contentType);
  }

  private static Payload stream(@Nullable InputStream in, ResultSink sink) throws IOException {
    if (in != null) {
      try (in) {
        copy(in, sink);
      }
    }
    return sink.payload(BYTES);
  }

  private static void copy(InputStream in, ResultSink sink) throws IOException {
    var piece = new byte[PIECE];
    for (int count = read(in, piece); count >= 0; count = read(in, piece)) {
      sink.write(piece, 0, count);
    }
  }

  private static int read(InputStream in, byte[] piece) throws IOException {
    try {
      return in.read(piece);
    } catch (IOException e) {
      throw UnusableResult.unreadable(name(e));
    }
  }
}
