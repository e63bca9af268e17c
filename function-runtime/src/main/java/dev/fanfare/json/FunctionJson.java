package dev.fanfare.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.fanfare.channel.ChannelModule;

/**
 * How functions read and write JSON: types are taken strictly (text is no number), components of
 * records are required unless {@code Optional} or {@code @Nullable}, unknown fields are ignored,
 * times are ISO-8601 text, sealed types carry a {@code type} field.
 */
public final class FunctionJson {
  private FunctionJson() {}

  /** A new mapper; it caches what it learns of classes, so a revision has its own. */
  public static JsonMapper mapper() {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .addModule(new JavaTimeModule())
        .addModule(new ChannelModule())
        .annotationIntrospector(new FunctionTypes())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
        .withCoercionConfig(
            LogicalType.Textual,
            coercions ->
                coercions
                    .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                    .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
        .build();
  }

  /**
   * The same for bodies whose values are all text: numbers and truth values are read from it, and
   * where a list is wanted a single value is one.
   */
  static JsonMapper ofTexts(JsonMapper strict) {
    return strict
        .rebuild()
        .enable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        .withCoercionConfigDefaults(
            coercions -> coercions.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
        .build();
  }
}
