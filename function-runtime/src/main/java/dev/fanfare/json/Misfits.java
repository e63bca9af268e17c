package dev.fanfare.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.fanfare.function.Reject;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says in plain words, with the field's path, why Jackson did not take a body. */
final class Misfits {
  private static final int LONGEST_VALUE = 80;

  private Misfits() {}

  /**
   * @param at path of the value that was read, empty for the whole body
   * @throws Reject if a constructor of the function's own types refused the value with it
   */
  static Misfit of(String at, JsonProcessingException e) {
    if (e instanceof InputCoercionException range) {
      return Misfit.refused(at.isEmpty() ? "body" : at, range.getOriginalMessage());
    }
    if (!(e instanceof JsonMappingException mapping)) {
      return notJson(e);
    }
    String path = path(at, mapping.getPath());
    if (mapping.getCause() instanceof JsonProcessingException cause
        && !(cause instanceof JsonMappingException)) {
      return of(path, cause);
    }
    return switch (mapping) {
      case InvalidNullException e2 -> Misfit.wrong(path, expected(e2), "null");
      case InvalidTypeIdException e2 -> typeId(path, e2);
      case InvalidFormatException e2 -> Misfit.wrong(path, expected(e2), quoted(e2.getValue()));
      case ValueInstantiationException e2 -> refused(path, e2);
      case MismatchedInputException e2 when says(e2, "Missing required") ->
          Misfit.missing(path, memberType(e2));
      case MismatchedInputException e2 when says(e2, "Trailing token") ->
          Misfit.notJson("more follows after its end");
      case MismatchedInputException e2 when says(e2, "No content to map") ->
          Misfit.notJson("it is empty");
      case MismatchedInputException e2 -> Misfit.wrong(path, expected(e2), got(e2));
      default -> refused(path, mapping);
    };
  }

  private static Misfit notJson(JsonProcessingException e) {
    var location = e.getLocation();
    String where =
        location == null
            ? ""
            : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    return Misfit.notJson(e.getOriginalMessage() + where);
  }

  private static Misfit typeId(String path, InvalidTypeIdException e) {
    return e.getTypeId() == null
        ? Misfit.missing(path + ".type", "the kind of " + JsonWords.name(e.getBaseType()))
        : Misfit.refused(
            path, "'" + brief(e.getTypeId()) + "' is no " + JsonWords.name(e.getBaseType()));
  }

  private static Misfit refused(String path, JsonMappingException e) {
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof Reject reject) {
        throw reject;
      }
    }
    Throwable cause = e.getCause();
    String why = cause == null ? e.getOriginalMessage() : cause.getMessage();
    return Misfit.refused(path, why == null ? String.valueOf(cause) : brief(why));
  }

  static String path(String at, List<JsonMappingException.Reference> steps) {
    var path = new StringBuilder(at);
    for (JsonMappingException.Reference step : steps) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String expected(MismatchedInputException e) {
    return JsonWords.of(e.getTargetType());
  }

  /** A missing creator property is reported with its own type as the target, in newer versions. */
  private static String memberType(MismatchedInputException e) {
    return JsonWords.of(e.getTargetType());
  }

  private static boolean says(MismatchedInputException e, String words) {
    return e.getOriginalMessage().startsWith(words);
  }

  private static String got(MismatchedInputException e) {
    return e.getProcessor() instanceof JsonParser parser ? got(parser) : "something else";
  }

  static String got(JsonParser parser) {
    JsonToken token = parser.currentToken();
    return switch (token) {
      case null -> "nothing";
      case START_OBJECT, END_OBJECT, FIELD_NAME -> "an object";
      case START_ARRAY, END_ARRAY -> "a list";
      case VALUE_NULL -> "null";
      case VALUE_STRING -> quoted(text(parser));
      case VALUE_TRUE,
          VALUE_FALSE,
          VALUE_NUMBER_INT,
          VALUE_NUMBER_FLOAT,
          VALUE_EMBEDDED_OBJECT,
          NOT_AVAILABLE ->
          brief(String.valueOf(text(parser)));
    };
  }

  private static @Nullable String text(JsonParser parser) {
    try {
      return parser.getText();
    } catch (IOException e) {
      return "something unreadable";
    }
  }

  private static String quoted(@Nullable Object value) {
    return value instanceof String text ? '"' + brief(text) + '"' : brief(String.valueOf(value));
  }

  private static String brief(String text) {
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
  }
}
