package dev.fanfare.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The properties of one object schema, in the order they are added. */
final class Properties {
  private final ObjectNode schema;
  private final ObjectNode properties;

  /** Makes the node the schema of an object without properties. */
  Properties(ObjectNode schema) {
    this.schema = schema.put("type", "object");
    this.properties = schema.putObject("properties");
  }

  boolean has(String name) {
    return properties.has(name);
  }

  void add(String name, ObjectNode value, boolean required) {
    properties.set(name, value);
    if (required) {
      ArrayNode names = schema.withArrayProperty("required");
      names.add(name);
    }
  }
}
