package dev.fanfare.schema;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.function.KebabCase;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Signature;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sealed types, and those that Jackson's annotations list the subtypes of: one object schema per
 * permitted class, told apart by a field, {@code type} with the class's simple name in kebab case
 * where no annotation says otherwise.
 */
final class SealedShape {
  private static final String DISCRIMINATOR = "type";

  private final SchemaBuilder builder;
  private final ObjectShape objects;

  SealedShape(SchemaBuilder builder, ObjectShape objects) {
    this.builder = builder;
    this.objects = objects;
  }

  boolean fits(ClassModel model) {
    return !permitted(model).isEmpty()
        || Annotations.find(model, JacksonNames.TYPE_INFO).isPresent();
  }

  ObjectNode content(ClassModel model, Map<String, Signature> variables) {
    var schema = JsonNodeFactory.instance.objectNode();
    Optional<Annotation> info = Annotations.find(model, JacksonNames.TYPE_INFO);
    Optional<String> field = info.isEmpty() ? Optional.of(DISCRIMINATOR) : fieldOf(info.get());
    var leaves = new LinkedHashMap<String, Leaf>();
    collect(leaves, model, variables, annotatedNames(model));
    if (leaves.isEmpty() || info.isPresent() && !plain(info.get())) {
      return schema.put("type", "object");
    }
    var namesSeen = new HashMap<String, String>();
    ArrayNode alternatives = schema.putArray("oneOf");
    leaves.forEach(
        (className, leaf) -> {
          String before = namesSeen.put(leaf.name, className);
          if (before != null && field.isPresent()) {
            throw builder.unsupported(
                "made of "
                    + before
                    + " and "
                    + className
                    + ", which are both called '"
                    + leaf.name
                    + "' in JSON: rename one");
          }
          alternatives.add(alternative(leaf, field));
        });
    return schema;
  }

  /** One class that values can have. */
  private record Leaf(ClassModel model, String name, Map<String, Signature> variables) {}

  private ObjectNode alternative(Leaf leaf, Optional<String> field) {
    var schema = JsonNodeFactory.instance.objectNode();
    var properties = new Properties(schema);
    field.ifPresent(
        name ->
            properties.add(
                name, JsonNodeFactory.instance.objectNode().put("const", leaf.name), true));
    builder.enter(leaf.name, () -> objects.fill(properties, leaf.model, leaf.variables));
    return schema;
  }

  private void collect(
      Map<String, Leaf> leaves,
      ClassModel model,
      Map<String, Signature> variables,
      Map<String, String> annotated) {
    List<String> below =
        permitted(model).isEmpty() ? List.copyOf(annotated.keySet()) : permitted(model);
    for (String className : below) {
      if (leaves.containsKey(className)) {
        continue;
      }
      ClassModel subtype = builder.load(className);
      Map<String, Signature> own = Generics.ofSubtype(subtype, model, variables);
      if (!permitted(subtype).isEmpty()) {
        builder.enter(
            Names.simple(subtype),
            () -> collect(leaves, subtype, own, namesFor(subtype, annotated)));
      } else if (Schemas.isEnum(subtype)) {
        throw builder.unsupported(
            "sealed with the enum " + className + ", which is no object: wrap it in a record");
      } else if (subtype.flags().has(AccessFlag.ABSTRACT)) {
        throw builder.unsupported(
            "sealed with " + className + ", which is abstract and not sealed: seal it too");
      }
      if (!subtype.flags().has(AccessFlag.ABSTRACT)) {
        leaves.putIfAbsent(
            className, new Leaf(subtype, nameOf(subtype, className, annotated), own));
      }
    }
  }

  private static Map<String, String> namesFor(ClassModel model, Map<String, String> above) {
    var names = new LinkedHashMap<>(above);
    names.putAll(annotatedNames(model));
    return names;
  }

  private static String nameOf(ClassModel model, String className, Map<String, String> annotated) {
    String given = annotated.getOrDefault(className, "");
    if (!given.isEmpty()) {
      return given;
    }
    return Annotations.find(model, JacksonNames.TYPE_NAME)
        .flatMap(found -> Annotations.text(found, "value"))
        .orElseGet(() -> KebabCase.of(Names.simple(model)));
  }

  private static List<String> permitted(ClassModel model) {
    if (Schemas.isEnum(model)) {
      return List.of();
    }
    return model
        .findAttribute(Attributes.permittedSubclasses())
        .map(all -> all.permittedSubclasses())
        .orElse(List.of())
        .stream()
        .map(ClassEntry::asInternalName)
        .map(name -> name.replace('/', '.'))
        .toList();
  }

  /** The names that {@code @JsonSubTypes} gives to classes; empty texts where it gives none. */
  private static Map<String, String> annotatedNames(ClassModel model) {
    var names = new LinkedHashMap<String, String>();
    Annotations.find(model, JacksonNames.SUB_TYPES)
        .flatMap(found -> Annotations.value(found, "value"))
        .filter(AnnotationValue.OfArray.class::isInstance)
        .map(value -> ((AnnotationValue.OfArray) value).values())
        .orElse(List.of())
        .forEach(
            value -> {
              if (value instanceof AnnotationValue.OfAnnotation type
                  && Annotations.value(type.annotation(), "value").orElse(null)
                      instanceof AnnotationValue.OfClass subtype) {
                names.put(
                    Generics.binaryName(subtype.classSymbol()),
                    Annotations.text(type.annotation(), "name").orElse(""));
              }
            });
    return names;
  }

  /** The field that tells the class; none where Jackson deduces it from the others. */
  private static Optional<String> fieldOf(Annotation info) {
    return Annotations.constant(info, "use").orElse("").equals("DEDUCTION")
        ? Optional.empty()
        : Optional.of(Annotations.text(info, "property").orElse("@type"));
  }

  /** Whether the class is told by a name in a field beside the others. */
  private static boolean plain(Annotation info) {
    String use = Annotations.constant(info, "use").orElse("");
    String include = Annotations.constant(info, "include").orElse("PROPERTY");
    return (use.equals("NAME") || use.equals("SIMPLE_NAME") || use.equals("DEDUCTION"))
        && (include.equals("PROPERTY") || include.equals("EXISTING_PROPERTY"));
  }
}
