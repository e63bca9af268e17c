package dev.fanfare.schema;

import java.lang.classfile.AttributedElement;
import java.util.Optional;

/** Jackson's annotations by descriptor, as far as they change a schema. */
final class JacksonNames {
  private static final String PACKAGE = "Lcom/fasterxml/jackson/annotation/";
  static final String VALUE = PACKAGE + "JsonValue;";
  static final String IGNORE = PACKAGE + "JsonIgnore;";
  static final String PROPERTY = PACKAGE + "JsonProperty;";
  static final String TYPE_INFO = PACKAGE + "JsonTypeInfo;";
  static final String SUB_TYPES = PACKAGE + "JsonSubTypes;";
  static final String TYPE_NAME = PACKAGE + "JsonTypeName;";

  private JacksonNames() {}

  /** The name that a {@code @JsonProperty} gives. */
  static Optional<String> property(AttributedElement element) {
    return Annotations.find(element, PROPERTY).flatMap(found -> Annotations.text(found, "value"));
  }

  static boolean ignored(AttributedElement element) {
    return Annotations.find(element, IGNORE).isPresent();
  }
}
