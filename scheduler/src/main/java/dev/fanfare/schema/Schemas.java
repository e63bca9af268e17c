package dev.fanfare.schema;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.classfile.ClassModel;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.BaseTypeSig;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.TypeArg;
import java.lang.reflect.AccessFlag;
import java.util.List;

/**
 * Writes the JSON Schema of types from their class files. Named types inside the outermost one are
 * under {@code $defs}, enums excepted; a type that holds itself is there as a whole.
 */
public final class Schemas {
  private final ClassSource classes;

  /** Schemas of types that are Java's own or found in this source. */
  public Schemas(ClassSource classes) {
    this.classes = classes;
  }

  /** One field of an object that is made of several types. */
  public record Field(String name, Signature type, boolean required) {}

  /**
   * The schema of a type.
   *
   * @param what how the refusal calls it, for example {@code result}
   * @throws UnsupportedType if it, or a type inside it, has no JSON form
   */
  public ObjectNode of(String what, Signature type) {
    return new SchemaBuilder(classes).root(what, type);
  }

  /**
   * The schema of an object with these fields.
   *
   * @throws UnsupportedType if one of them has no JSON form
   */
  public ObjectNode object(List<Field> fields) {
    var builder = new SchemaBuilder(classes);
    var schema = JsonNodeFactory.instance.objectNode();
    var properties = new Properties(schema);
    for (Field field : fields) {
      ObjectNode value = builder.schema(field.name(), field.type());
      boolean optional = !field.required() && !optional(field.type());
      properties.add(
          field.name(), optional ? SchemaBuilder.orNull(value) : value, field.required());
    }
    return builder.withDefinitions(schema);
  }

  /** Whether a value of the type is one JSON number, text or truth value, maybe an optional one. */
  public boolean scalar(Signature type) {
    if (type instanceof BaseTypeSig) {
      return true;
    }
    if (!(type instanceof ClassTypeSig named)) {
      return false;
    }
    String name = Generics.binaryName(named);
    if (optional(type)) {
      return named.typeArgs().isEmpty() || scalar(Generics.argument(named.typeArgs().getFirst()));
    }
    return KnownTypes.scalar(name).isPresent()
        || classes.find(name).filter(Schemas::isEnum).isPresent();
  }

  /** The type that a type argument names; of a wildcard its bound. */
  public static Signature argument(TypeArg argument) {
    return Generics.argument(argument);
  }

  /** Whether the type is an {@code Optional}, of an object or a primitive type. */
  public static boolean optional(Signature type) {
    return type instanceof ClassTypeSig named
        && Generics.binaryName(named).startsWith("java.util.Optional");
  }

  static boolean isEnum(ClassModel model) {
    return model.flags().has(AccessFlag.ENUM);
  }
}
