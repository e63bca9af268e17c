package dev.fanfare.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.schema.KnownTypes.Container;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.reflect.AccessFlag;
import java.util.Map;
import java.util.Optional;

/** Tells what kind of thing a class is to JSON, and writes its content. */
final class Shapes {
  private final SchemaBuilder builder;
  private final ObjectShape objects;
  private final SealedShape alternatives;

  Shapes(SchemaBuilder builder) {
    this.builder = builder;
    this.objects = new ObjectShape(builder);
    this.alternatives = new SealedShape(builder, objects);
  }

  /** Whether a schema stands where it is used, or is kept under a name. */
  enum Kind {
    INLINE,
    NAMED
  }

  Kind kind(ClassTypeSig type) {
    String name = Generics.binaryName(type);
    if (known(name)) {
      return Kind.INLINE;
    }
    ClassModel model = builder.load(name);
    return Schemas.isEnum(model) || valueMethod(model).isPresent() ? Kind.INLINE : Kind.NAMED;
  }

  ObjectNode content(ClassTypeSig type) {
    String name = Generics.binaryName(type);
    if (known(name)) {
      return KnownTypes.scalar(name)
          .or(() -> KnownTypes.tree(name))
          .or(() -> KnownTypes.primitiveOptional(name).map(SchemaBuilder::orNull))
          .orElseGet(() -> container(KnownTypes.container(name).orElseThrow(), type));
    }
    ClassModel model = builder.load(name);
    Map<String, Signature> variables = Generics.variables(model, type);
    Optional<MethodModel> value = valueMethod(model);
    if (value.isPresent()) {
      return builder.schema("value", Generics.replace(result(value.get()), variables));
    }
    if (Schemas.isEnum(model)) {
      return constants(model);
    }
    if (alternatives.fits(model)) {
      return alternatives.content(model, variables);
    }
    if (model.flags().has(AccessFlag.INTERFACE)) {
      throw builder.unsupported(
          name + ", an interface: make it sealed, or take a record or class in its place");
    }
    if (model.flags().has(AccessFlag.ABSTRACT)) {
      throw builder.unsupported(
          name + ", an abstract class: make it sealed, or take one of its subclasses");
    }
    var schema = JsonNodeFactory.instance.objectNode();
    objects.fill(new Properties(schema), model, variables);
    return schema;
  }

  private static boolean known(String name) {
    return KnownTypes.scalar(name).isPresent()
        || KnownTypes.tree(name).isPresent()
        || KnownTypes.primitiveOptional(name).isPresent()
        || KnownTypes.container(name).isPresent();
  }

  private ObjectNode container(Container container, ClassTypeSig type) {
    var schema = JsonNodeFactory.instance.objectNode();
    switch (container) {
      case OPTIONAL -> {
        return SchemaBuilder.orNull(builder.schema("value", argument(type, 0)));
      }
      case LIST ->
          schema.put("type", "array").set("items", builder.schema("[]", argument(type, 0)));
      case SET -> {
        schema.put("type", "array").set("items", builder.schema("[]", argument(type, 0)));
        schema.put("uniqueItems", true);
      }
      case MAP -> {
        key(argument(type, 0));
        ObjectNode value = builder.schema("{}", argument(type, 1));
        schema.put("type", "object");
        if (!value.isEmpty()) {
          schema.set("additionalProperties", value);
        }
      }
    }
    return schema;
  }

  /** Keys are texts in JSON. */
  private void key(Signature type) {
    ObjectNode schema = builder.schema("key", type);
    boolean text = schema.isEmpty() || schema.has("type") && !schema.has("properties");
    if (!text || schema.path("type").asText().matches("array|object")) {
      throw builder.unsupported("a map whose keys are no texts or numbers: take String keys");
    }
  }

  private static Signature argument(ClassTypeSig type, int index) {
    return index < type.typeArgs().size()
        ? Generics.argument(type.typeArgs().get(index))
        : Generics.OBJECT;
  }

  private static ObjectNode constants(ClassModel model) {
    var schema = JsonNodeFactory.instance.objectNode().put("type", "string");
    ArrayNode names = schema.putArray("enum");
    model.fields().stream()
        .filter(field -> field.flags().has(AccessFlag.ENUM))
        .map(field -> JacksonNames.property(field).orElse(field.fieldName().stringValue()))
        .forEach(names::add);
    return schema;
  }

  /** The method whose value stands for the object. */
  private static Optional<MethodModel> valueMethod(ClassModel model) {
    return model.methods().stream()
        .filter(method -> Annotations.find(method, JacksonNames.VALUE).isPresent())
        .filter(method -> method.methodTypeSymbol().parameterCount() == 0)
        .findFirst();
  }

  private static Signature result(MethodModel method) {
    return method
        .findAttribute(Attributes.signature())
        .map(attribute -> attribute.asMethodSignature())
        .orElseGet(() -> MethodSignature.of(method.methodTypeSymbol()))
        .result();
  }
}
