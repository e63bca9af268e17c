package dev.fanfare.argument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Nearest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes a function's argument of flags named after its parameters: {@code --width 200 --source
 * http://…}. A name may be written in kebab case; a boolean needs no value and has {@code --no-…};
 * a list's flag is repeated; what is nested is {@code --address.city Rome} or JSON.
 */
public final class ArgumentFlags {
  private final String function;
  private final Schema schema;

  private ArgumentFlags(String function, Schema schema) {
    this.function = function;
    this.schema = schema;
  }

  /**
   * Reads flags by the function's input schema.
   *
   * @throws CommandException with {@code USAGE} if a flag is unknown, lacks its value or has a
   *     wrong one
   */
  public static ObjectNode read(String function, JsonNode inputSchema, List<String> words) {
    return new ArgumentFlags(function, Schema.of(inputSchema)).read(new ArrayDeque<>(words));
  }

  /** The flags of a function as a synopsis, optional ones in brackets. */
  public static String synopsis(JsonNode inputSchema) {
    Schema schema = Schema.of(inputSchema);
    return schema.properties().entrySet().stream()
        .map(
            entry ->
                synopsis(
                    entry.getKey(), entry.getValue(), schema.required().contains(entry.getKey())))
        .collect(Collectors.joining(" "));
  }

  private ObjectNode read(Deque<String> words) {
    if (schema.properties().isEmpty()) {
      throw CommandException.usage(
              function
                  + " takes no named parameters, so '"
                  + words.peek()
                  + "' means nothing to it")
          .advise("give the body with -d or --file");
    }
    ObjectNode argument = Json.object();
    while (!words.isEmpty()) {
      readFlag(words, argument);
    }
    requireAll(argument);
    return argument;
  }

  private void readFlag(Deque<String> words, ObjectNode argument) {
    String word = words.pop();
    if (!word.startsWith("--") || word.length() < 3) {
      throw CommandException.usage(
              "unexpected '" + word + "': arguments of a function are flags, --name value")
          .advise(parameters());
    }
    int equals = word.indexOf('=');
    String name = word.substring(2, equals < 0 ? word.length() : equals);
    Optional<String> attached =
        equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
    Place place = find(name, argument);
    boolean negated = place.negated();
    if (place.schema().isBoolean() && attached.isEmpty()) {
      boolean told = "true".equals(words.peek()) || "false".equals(words.peek());
      String value = told && !negated ? words.pop() : String.valueOf(!negated);
      place.put(FlagValue.read("--" + name, place.schema(), value));
      return;
    }
    if (attached.isEmpty() && words.isEmpty()) {
      throw CommandException.usage("--" + name + " needs a value (" + place.schema().kind() + ")");
    }
    place.put(FlagValue.read("--" + name, place.schema(), attached.orElseGet(words::pop)));
  }

  /** Where a flag's value goes. */
  private record Place(ObjectNode parent, String field, Schema schema, boolean negated) {
    void put(JsonNode value) {
      boolean element = schema.types().contains("array") && !value.isArray();
      if (!element) {
        parent.set(field, value);
      } else if (parent.get(field) instanceof ArrayNode list) {
        list.add(value);
      } else {
        parent.putArray(field).add(value);
      }
    }
  }

  private Place find(String name, ObjectNode argument) {
    String[] steps = name.split("\\.", -1);
    ObjectNode parent = argument;
    Schema at = schema;
    for (int i = 0; i < steps.length - 1; i++) {
      String field = field(at, steps[i]).orElseThrow(() -> unknown(name));
      at = at.field(field);
      parent = parent.withObjectProperty(field);
    }
    String last = steps[steps.length - 1];
    Optional<String> field = field(at, last);
    if (field.isEmpty() && last.startsWith("no-")) {
      Optional<String> positive = field(at, last.substring(3));
      if (positive.isPresent() && at.field(positive.get()).isBoolean()) {
        return new Place(parent, positive.get(), at.field(positive.get()), true);
      }
    }
    String found = field.orElseThrow(() -> unknown(name));
    return new Place(parent, found, at.field(found), false);
  }

  /** The field of an object that a flag's word names, exactly or in kebab case; a map has any. */
  private static Optional<String> field(Schema object, String word) {
    Map<String, Schema> known = object.properties();
    if (known.containsKey(word)) {
      return Optional.of(word);
    }
    Optional<String> kebab =
        known.keySet().stream().filter(field -> kebab(field).equals(word)).findFirst();
    boolean map = known.isEmpty() && object.values().node().isObject();
    return kebab.or(() -> map ? Optional.of(word) : Optional.empty());
  }

  private CommandException unknown(String name) {
    List<String> flags = schema.properties().keySet().stream().map(ArgumentFlags::kebab).toList();
    return CommandException.usage(
            function + " has no parameter '" + name + "'" + Nearest.suggestion(name, flags))
        .advise(parameters());
  }

  private void requireAll(ObjectNode argument) {
    List<String> missing =
        schema.required().stream()
            .filter(field -> !argument.has(field))
            .map(field -> synopsis(field, schema.field(field), true))
            .toList();
    if (!missing.isEmpty()) {
      throw CommandException.usage(function + " also needs " + String.join(" and ", missing));
    }
  }

  private String parameters() {
    return "parameters of " + function + ": " + synopsis(schema.node());
  }

  private static String synopsis(String field, Schema schema, boolean required) {
    boolean flag = schema.types().contains("boolean");
    String text = "--" + kebab(field) + (flag ? "" : " <" + schema.kind() + ">");
    return required ? text : "[" + text + "]";
  }

  private static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
