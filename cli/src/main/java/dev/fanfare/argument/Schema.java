package dev.fanfare.argument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * One JSON Schema (2020-12) as far as flags need it, with its references followed.
 *
 * @param root the document that {@code $ref}s point into
 */
record Schema(JsonNode root, JsonNode node) {
  private static final JsonNode TEXT = JsonNodeFactory.instance.objectNode().put("type", "string");
  private static final int MOST_REFERENCES = 32;

  static Schema of(JsonNode root) {
    return new Schema(root, root).followed();
  }

  /**
   * The fields of an object, in declared order; a lone text has one, under the parameter's name.
   */
  Map<String, Schema> properties() {
    Map<String, Schema> all = new LinkedHashMap<>();
    if (isNamedText()) {
      all.put(node.path("title").asText(), new Schema(root, TEXT));
    }
    node.path("properties")
        .properties()
        .forEach(entry -> all.put(entry.getKey(), at(entry.getValue())));
    return all;
  }

  /** The fields an object must have. */
  Set<String> required() {
    if (isNamedText()) {
      return Set.of(node.path("title").asText());
    }
    return StreamSupport.stream(node.path("required").spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** The elements of an array. */
  Schema items() {
    return at(node.path("items"));
  }

  /** The values of an object used as a map. */
  Schema values() {
    return at(node.path("additionalProperties"));
  }

  /** One field of an object, or a value of a map. */
  Schema field(String name) {
    Schema known = properties().get(name);
    return known == null ? values() : known;
  }

  /** Whether a flag for it needs no value. */
  boolean isBoolean() {
    return types().contains("boolean") && !types().contains("string");
  }

  /** The allowed JSON types; empty when any is. */
  Set<String> types() {
    Set<String> types = new LinkedHashSet<>();
    JsonNode type = node.path("type");
    if (type.isTextual()) {
      types.add(type.textValue());
    }
    type.forEach(one -> types.add(one.asText()));
    for (String union : new String[] {"anyOf", "oneOf"}) {
      node.path(union).forEach(one -> types.addAll(at(one).types()));
    }
    return types;
  }

  /** The allowed values, written; empty when the type alone decides. */
  Set<String> choices() {
    Set<String> choices = new LinkedHashSet<>();
    node.path("enum").forEach(one -> choices.add(one.asText()));
    if (node.has("const")) {
      choices.add(node.path("const").asText());
    }
    for (String union : new String[] {"anyOf", "oneOf"}) {
      node.path(union).forEach(one -> choices.addAll(at(one).choices()));
    }
    return choices;
  }

  /** What a value is, for people: {@code integer}, {@code RED|GREEN}, {@code date-time}. */
  String kind() {
    if (!choices().isEmpty()) {
      return String.join("|", choices());
    }
    if (types().contains("array")) {
      return items().kind() + "...";
    }
    String format = node.path("format").asText("");
    if (types().contains("string") && !format.isEmpty()) {
      return format;
    }
    Set<String> types = new LinkedHashSet<>(types());
    types.remove("null");
    return types.isEmpty() ? "json" : String.join("|", types);
  }

  private boolean isNamedText() {
    return node.path("type").asText("").equals("string")
        && node.path("title").isTextual()
        && !node.has("contentMediaType");
  }

  private Schema at(JsonNode part) {
    return new Schema(root, part).followed();
  }

  private Schema followed() {
    JsonNode target = node;
    for (int i = 0; i < MOST_REFERENCES && target.path("$ref").isTextual(); i++) {
      String reference = target.path("$ref").textValue();
      target = reference.equals("#") ? root : root.at(reference.replaceFirst("^#", ""));
    }
    return new Schema(root, target);
  }
}
