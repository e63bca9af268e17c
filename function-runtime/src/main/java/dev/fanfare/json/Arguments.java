package dev.fanfare.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.function.Channel;
import dev.fanfare.function.Invocation;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import java.io.IOException;
import java.lang.reflect.Type;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Gives a method's parameters their values from a body. Thread-safe. */
public final class Arguments {
  private static final DeserializationFeature TRAILING =
      DeserializationFeature.FAIL_ON_TRAILING_TOKENS;

  private final JsonMapper json;
  private final List<Parameter> parameters;
  private final JavaType[] types;
  private final @Nullable ObjectReader[] readers;
  private final Map<String, Integer> fields = new HashMap<>();
  private final boolean raw;
  private final int scalar;
  private volatile @Nullable Arguments ofTexts;

  /** For parameters of these types, in declared order. */
  public Arguments(JsonMapper json, List<Parameter> parameters, Type[] types) {
    this.json = json;
    this.parameters = parameters;
    this.types = new JavaType[types.length];
    this.readers = new @Nullable ObjectReader[types.length];
    for (int i = 0; i < types.length; i++) {
      this.types[i] = json.constructType(types[i]);
      ParameterKind kind = parameters.get(i).kind();
      if (kind == ParameterKind.BODY || kind == ParameterKind.FIELD) {
        ObjectReader reader = json.readerFor(this.types[i]);
        readers[i] = kind == ParameterKind.FIELD ? reader.without(TRAILING) : reader;
      }
      if (kind == ParameterKind.FIELD) {
        fields.put(parameters.get(i).name(), i);
      }
    }
    this.scalar = loneField(parameters);
    this.raw =
        parameters.stream()
            .anyMatch(p -> p.kind() == ParameterKind.BYTES || p.kind() == ParameterKind.STREAM);
  }

  /** Where the only parameter that takes anything of the body is, if it is a field; else −1. */
  private static int loneField(List<Parameter> parameters) {
    int found = -1;
    for (int i = 0; i < parameters.size(); i++) {
      ParameterKind kind = parameters.get(i).kind();
      if (kind != ParameterKind.INVOCATION && kind != ParameterKind.CHANNEL) {
        if (found >= 0 || kind != ParameterKind.FIELD) {
          return -1;
        }
        found = i;
      }
    }
    return found;
  }

  /**
   * The values, in declared order.
   *
   * @param channel null if none of the parameters is one
   * @throws Misfit if the body does not fit
   * @throws IOException if the body cannot be read
   */
  public @Nullable Object[] bind(
      BodySource body, Invocation invocation, @Nullable Channel<?, ?> channel) throws IOException {
    if (!raw && body.isForm()) {
      return ofTexts().bind(body.json(FormBody.json(body.bytes())), invocation, channel);
    }
    if (scalar >= 0 && body.isText() && !body.isEmpty()) {
      String text = new String(body.bytes(), UTF_8).strip();
      if (!text.startsWith("{") && !text.startsWith("\"")) {
        return ofTexts().bind(body.json(json.writeValueAsBytes(text)), invocation, channel);
      }
    }
    var values = new @Nullable Object[types.length];
    for (int i = 0; i < types.length; i++) {
      switch (parameters.get(i).kind()) {
        case BODY -> values[i] = whole(i, body);
        case BYTES -> values[i] = body.bytes();
        case STREAM -> values[i] = body.stream();
        case TEXT -> values[i] = text(i, body);
        case INVOCATION -> values[i] = invocation;
        case CHANNEL -> values[i] = channel;
        case FIELD -> {}
      }
    }
    if (!fields.isEmpty()) {
      bindFields(body, values);
    }
    return values;
  }

  private Arguments ofTexts() {
    Arguments known = ofTexts;
    if (known == null) {
      known = new Arguments(FunctionJson.ofTexts(json), parameters, types);
      ofTexts = known;
    }
    return known;
  }

  private @Nullable Object whole(int index, BodySource body) throws IOException {
    if (body.isEmpty() && !parameters.get(index).required()) {
      return absent(types[index]);
    }
    try (JsonParser parser = json.createParser(body.stream())) {
      Object value = value("", parser, reader(index));
      if (value == null && parameters.get(index).required()) {
        throw Misfit.wrong("body", JsonWords.of(types[index].getRawClass()), "null");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw Misfits.of("", e);
    }
  }

  /** Trouble is told while the parser still stands where it came up. */
  private static @Nullable Object value(String at, JsonParser parser, ObjectReader reader)
      throws IOException {
    try {
      return reader.readValue(parser);
    } catch (JsonProcessingException e) {
      throw Misfits.of(at, e);
    }
  }

  /** UTF-8 as it is; of a JSON body the text that it holds, alone or under the parameter's name. */
  private @Nullable Object text(int index, BodySource body) throws IOException {
    if (body.isEmpty() || !body.isJson()) {
      return new String(body.bytes(), UTF_8);
    }
    try (JsonParser parser = json.createParser(body.stream())) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.START_OBJECT) {
        return textField(index, parser);
      }
      if (token != JsonToken.VALUE_STRING) {
        throw Misfit.wrong("body", "text", Misfits.got(parser));
      }
      String text = parser.getText();
      if (parser.nextToken() != null) {
        throw Misfit.notJson("more follows after its end");
      }
      return text;
    } catch (JsonProcessingException e) {
      throw Misfits.of("", e);
    }
  }

  private String textField(int index, JsonParser parser) throws IOException {
    String name = parameters.get(index).name();
    String found = null;
    for (String field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
      JsonToken token = parser.nextToken();
      if (!field.equals(name)) {
        parser.skipChildren();
      } else if (token == JsonToken.VALUE_STRING) {
        found = parser.getText();
      } else {
        throw Misfit.wrong(name, "text", Misfits.got(parser));
      }
    }
    if (found == null) {
      throw Misfit.missing(name, "text");
    }
    return found;
  }

  private void bindFields(BodySource body, @Nullable Object[] values) throws IOException {
    var given = new boolean[types.length];
    if (!body.isEmpty()) {
      try (JsonParser parser = json.createParser(body.stream())) {
        JsonToken first = parser.nextToken();
        if (first == JsonToken.START_OBJECT) {
          readFields(parser, values, given);
        } else if (scalar >= 0 && first != null) {
          values[scalar] = field(scalar, parser);
          given[scalar] = true;
        } else {
          throw Misfit.wrong("body", "object", Misfits.got(parser));
        }
        if (parser.nextToken() != null) {
          throw Misfit.notJson("more follows after its end");
        }
      } catch (JsonProcessingException e) {
        throw Misfits.of("", e);
      }
    }
    fields.forEach(
        (name, index) -> {
          if (!given[index]) {
            values[index] = missing(index);
          }
        });
  }

  private void readFields(JsonParser parser, @Nullable Object[] values, boolean[] given)
      throws IOException {
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      Integer index = fields.get(name);
      if (index == null) {
        parser.skipChildren();
      } else {
        values[index] = field(index, parser);
        given[index] = true;
      }
    }
  }

  private @Nullable Object field(int index, JsonParser parser) throws IOException {
    Parameter parameter = parameters.get(index);
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      if (parameter.required()) {
        throw Misfit.wrong(parameter.name(), JsonWords.of(types[index].getRawClass()), "null");
      }
      return absent(types[index]);
    }
    return value(parameter.name(), parser, reader(index));
  }

  private @Nullable Object missing(int index) {
    Parameter parameter = parameters.get(index);
    if (parameter.required()) {
      throw Misfit.missing(parameter.name(), JsonWords.of(types[index].getRawClass()));
    }
    return absent(types[index]);
  }

  private static @Nullable Object absent(JavaType type) {
    Class<?> raw = type.getRawClass();
    if (raw == Optional.class) {
      return Optional.empty();
    } else if (raw == OptionalInt.class) {
      return OptionalInt.empty();
    } else if (raw == OptionalLong.class) {
      return OptionalLong.empty();
    }
    return raw == OptionalDouble.class ? OptionalDouble.empty() : null;
  }

  private ObjectReader reader(int index) {
    return java.util.Objects.requireNonNull(readers[index]);
  }
}
