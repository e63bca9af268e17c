package dev.fanfare.json;

import com.fasterxml.jackson.databind.JavaType;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what JSON a Java type is read from. */
final class JsonWords {
  private static final Set<Class<?>> INTEGERS =
      Set.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          short.class,
          Short.class,
          byte.class,
          Byte.class,
          java.math.BigInteger.class);
  private static final int MOST_CONSTANTS = 12;

  private JsonWords() {}

  static String of(@Nullable Class<?> type) {
    if (type == null) {
      return "something else";
    } else if (INTEGERS.contains(type)) {
      return "integer";
    } else if (type == double.class || type == float.class || Number.class.isAssignableFrom(type)) {
      return "number";
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type == byte[].class) {
      return "base 64 text";
    } else if (CharSequence.class.isAssignableFrom(type)
        || type == char.class
        || type == Character.class) {
      return "text";
    } else if (type.isEnum()) {
      return constants(type);
    } else if (type.isArray() || Collection.class.isAssignableFrom(type)) {
      return "list";
    } else if (Map.class.isAssignableFrom(type) || type.isRecord() || type.isSealed()) {
      return "object";
    } else if (TemporalAccessor.class.isAssignableFrom(type)
        || TemporalAmount.class.isAssignableFrom(type)) {
      return "ISO-8601 text (" + type.getSimpleName() + ")";
    } else if (type.getName().startsWith("java.")) {
      return "text (" + type.getSimpleName() + ")";
    }
    return "object";
  }

  static String name(JavaType type) {
    return type.getRawClass().getSimpleName();
  }

  private static String constants(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    String listed =
        Arrays.stream(constants)
            .limit(MOST_CONSTANTS)
            .map(constant -> ((Enum<?>) constant).name())
            .collect(Collectors.joining(", "));
    return "one of " + listed + (constants.length > MOST_CONSTANTS ? ", …" : "");
  }
}
