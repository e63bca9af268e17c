package dev.fanfare.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ArrayTypeSig;
import java.lang.classfile.Signature.BaseTypeSig;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.TypeVarSig;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes one schema: follows the types from the outermost inwards and keeps the named ones it
 * meets.
 */
final class SchemaBuilder {
  /** The most named types in one schema; generic types can breed without end. */
  static final int MOST_DEFINITIONS = 512;

  /** How deep types may lie in each other. */
  static final int DEEPEST = 96;

  /** The longest written form of one type with its arguments. */
  static final int LONGEST_TYPE = 4_096;

  private final ClassSource classes;
  private final Shapes shapes = new Shapes(this);
  private final Deque<String> trail = new ArrayDeque<>();
  private final Map<String, String> namesByType = new HashMap<>();
  private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();
  private @Nullable String rootType;
  private boolean rootUsed;

  SchemaBuilder(ClassSource classes) {
    this.classes = classes;
  }

  /** The schema of the outermost type: its content itself, not a reference to it. */
  ObjectNode root(String what, Signature type) {
    enter(what);
    ObjectNode schema =
        type instanceof ClassTypeSig named && shapes.kind(named) == Shapes.Kind.NAMED
            ? rootContent(named)
            : schema(type);
    return withDefinitions(schema);
  }

  private ObjectNode rootContent(ClassTypeSig type) {
    rootType = type.signatureString();
    String name = nameFor(type);
    ObjectNode schema = shapes.content(type);
    if (!rootUsed) {
      return schema;
    }
    definitions.put(name, schema);
    return reference(name);
  }

  /** The schema of a type one step further in. */
  ObjectNode schema(String step, Signature type) {
    enter(step);
    ObjectNode schema = schema(type);
    trail.removeLast();
    return schema;
  }

  private ObjectNode schema(Signature type) {
    return switch (type) {
      case BaseTypeSig base ->
          KnownTypes.primitive(base.baseType())
              .orElseThrow(() -> unsupported("void, which has no value"));
      case ArrayTypeSig array -> array(array);
      case TypeVarSig variable ->
          throw unsupported(
              "the type variable " + variable.identifier() + ": name a type in its place");
      case ClassTypeSig named -> named(named);
    };
  }

  /** Does something one step further in. */
  void enter(String step, Runnable body) {
    enter(step);
    body.run();
    trail.removeLast();
  }

  private void enter(String step) {
    trail.addLast(step);
    if (trail.size() > DEEPEST) {
      throw unsupported("made of types more than " + DEEPEST + " levels deep: make it flatter");
    }
  }

  /** Adds the named types that were met. */
  ObjectNode withDefinitions(ObjectNode schema) {
    if (!definitions.isEmpty()) {
      ObjectNode all = schema.putObject("$defs");
      definitions.forEach(all::set);
    }
    return schema;
  }

  /** The schema that also takes null. */
  static ObjectNode orNull(ObjectNode schema) {
    if (schema.isEmpty()) {
      return schema;
    }
    if (schema.path("type").isTextual() && !schema.has("enum")) {
      String type = schema.get("type").textValue();
      schema.putArray("type").add(type).add("null");
      return schema;
    }
    ObjectNode either = JsonNodeFactory.instance.objectNode();
    either.putArray("anyOf").add(schema).addObject().put("type", "null");
    return either;
  }

  ClassModel load(String name) {
    return classes
        .find(name)
        .orElseThrow(
            () ->
                unsupported(
                    KnownTypes.ofPlatform(name)
                        ? name + ", a type of Java's own without a JSON form"
                        : name
                            + ", which is not in the jar: pack the library that has it into it"));
  }

  /** A refusal that names the way to the type. */
  UnsupportedType unsupported(String why) {
    return new UnsupportedType(String.join(".", trail).replace(".[]", "[]") + " is " + why);
  }

  private ObjectNode named(ClassTypeSig type) {
    if (type.signatureString().length() > LONGEST_TYPE) {
      throw unsupported("a generic type that grows in itself: name a plain type in its place");
    }
    return switch (shapes.kind(type)) {
      case INLINE -> shapes.content(type);
      case NAMED -> reference(definition(type));
    };
  }

  private String definition(ClassTypeSig type) {
    String key = type.signatureString();
    String known = namesByType.get(key);
    if (known != null) {
      rootUsed |= key.equals(rootType);
      return known;
    }
    String name = nameFor(type);
    definitions.put(name, JsonNodeFactory.instance.objectNode());
    definitions.put(name, shapes.content(type));
    return name;
  }

  /** The simple name, with those of its type arguments, and a number where two types share it. */
  private String nameFor(ClassTypeSig type) {
    if (namesByType.size() >= MOST_DEFINITIONS) {
      throw unsupported("made of more than " + MOST_DEFINITIONS + " types: make it simpler");
    }
    String simple = Names.of(type);
    String name = simple;
    for (int i = 2; namesByType.containsValue(name); i++) {
      name = simple + i;
    }
    namesByType.put(type.signatureString(), name);
    return name;
  }

  private ObjectNode array(ArrayTypeSig type) {
    if (type.componentSignature() instanceof BaseTypeSig base) {
      if (base.baseType() == 'B') {
        return text().put("contentEncoding", "base64");
      }
      if (base.baseType() == 'C') {
        return text();
      }
    }
    var schema = JsonNodeFactory.instance.objectNode().put("type", "array");
    schema.set("items", schema("[]", type.componentSignature()));
    return schema;
  }

  private static ObjectNode text() {
    return JsonNodeFactory.instance.objectNode().put("type", "string");
  }

  private static ObjectNode reference(String name) {
    return JsonNodeFactory.instance.objectNode().put("$ref", "#/$defs/" + name);
  }
}
