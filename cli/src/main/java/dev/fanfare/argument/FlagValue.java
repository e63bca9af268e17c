package dev.fanfare.argument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Nearest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns the text of one flag into the JSON that its schema wants. */
final class FlagValue {
  private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,1000}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,4})?");

  private FlagValue() {}

  static JsonNode read(String flag, Schema schema, String text) {
    Set<String> types = schema.types();
    if (types.contains("array") && !text.startsWith("[")) {
      return read(flag, schema.items(), text);
    }
    Set<String> choices = schema.choices();
    if (!choices.isEmpty() && !looksLikeJson(text)) {
      return choice(flag, choices, text);
    }
    if (types.isEmpty()) {
      return json(text).orElseGet(() -> TextNode.valueOf(text));
    }
    return byType(types, text)
        .orElseThrow(
            () ->
                CommandException.usage(
                    flag + " takes " + article(schema.kind()) + ", not '" + text + "'"));
  }

  private static Optional<JsonNode> byType(Set<String> types, String text) {
    boolean integer = types.contains("integer") || types.contains("number");
    if (integer && INTEGER.matcher(text).matches()) {
      return Optional.of(BigIntegerNode.valueOf(new BigInteger(text)));
    }
    if (types.contains("number") && NUMBER.matcher(text).matches()) {
      return Optional.of(DecimalNode.valueOf(new BigDecimal(text)));
    }
    if (types.contains("boolean") && (text.equals("true") || text.equals("false"))) {
      return Optional.of(BooleanNode.valueOf(text.equals("true")));
    }
    boolean container = types.contains("object") || types.contains("array");
    if (container && looksLikeJson(text)) {
      return json(text);
    }
    if (types.contains("null") && text.equals("null") && !types.contains("string")) {
      return Optional.of(NullNode.getInstance());
    }
    return types.contains("string") ? Optional.of(TextNode.valueOf(text)) : Optional.empty();
  }

  private static JsonNode choice(String flag, Set<String> choices, String text) {
    for (String choice : choices) {
      if (choice.equalsIgnoreCase(text)) {
        return TextNode.valueOf(choice);
      }
    }
    throw CommandException.usage(
        flag
            + " is one of "
            + String.join(", ", choices)
            + ", not '"
            + text
            + "'"
            + Nearest.suggestion(text, choices));
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(Json.read(text));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static boolean looksLikeJson(String text) {
    return text.startsWith("{") || text.startsWith("[");
  }

  private static String article(String kind) {
    return ("aeiou".indexOf(kind.charAt(0)) >= 0 ? "an " : "a ") + kind;
  }
}
