package dev.fanfare.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.attribute.RecordComponentInfo;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The properties of a record, or of a class with getters, setters or public fields. */
final class ObjectShape {
  private final SchemaBuilder builder;

  ObjectShape(SchemaBuilder builder) {
    this.builder = builder;
  }

  /** Adds the properties of the class, whose type variables stand for these types. */
  void fill(Properties properties, ClassModel model, Map<String, Signature> variables) {
    var record = model.findAttribute(Attributes.record());
    if (record.isPresent()) {
      for (RecordComponentInfo component : record.get().components()) {
        addComponent(properties, model, component, variables);
      }
    } else {
      fillFromSuperclass(properties, model, variables);
      model.fields().forEach(field -> addField(properties, field, variables));
      model.methods().forEach(method -> addGetter(properties, model, method, variables));
      model.methods().forEach(method -> addSetter(properties, model, method, variables));
    }
  }

  /** A component is required unless it is optional, may be null, or is any JSON, null too. */
  private void addComponent(
      Properties properties,
      ClassModel model,
      RecordComponentInfo component,
      Map<String, Signature> variables) {
    String name = component.name().stringValue();
    List<AttributedElement> places = placesOf(component, model);
    if (places.stream().anyMatch(JacksonNames::ignored)) {
      return;
    }
    Signature type =
        Generics.replace(Generics.declared(component, component.descriptorSymbol()), variables);
    String key = named(places).orElse(name);
    boolean nullable = places.stream().anyMatch(Annotations::nullable);
    ObjectNode value = builder.schema(key, type);
    if (properties.has(key)) {
      throw builder.unsupported(
          "made with a '" + key + "' that also tells its kind: give the component another name");
    }
    boolean optional = Schemas.optional(type);
    boolean required = !nullable && !optional && !KnownTypes.jackson(type);
    properties.add(key, nullable && !optional ? SchemaBuilder.orNull(value) : value, required);
  }

  /** Where the compiler puts a component's annotations: itself, its field, its accessor. */
  private static List<AttributedElement> placesOf(RecordComponentInfo component, ClassModel model) {
    String name = component.name().stringValue();
    var places = new ArrayList<AttributedElement>(List.of(component));
    for (FieldModel field : model.fields()) {
      if (field.fieldName().equalsString(name)) {
        places.add(field);
      }
    }
    for (MethodModel method : model.methods()) {
      if (method.methodName().equalsString(name)
          && method.methodTypeSymbol().parameterCount() == 0) {
        places.add(method);
      }
    }
    return places;
  }

  private void fillFromSuperclass(
      Properties properties, ClassModel model, Map<String, Signature> variables) {
    String parent =
        model.superclass().map(entry -> entry.asInternalName().replace('/', '.')).orElse("");
    if (!parent.isEmpty() && !KnownTypes.ofPlatform(parent)) {
      ClassModel superclass = builder.load(parent);
      var inherited = new HashMap<String, Signature>();
      Generics.classSignature(model)
          .map(signature -> Generics.variables(superclass, signature.superclassSignature()))
          .orElseGet(() -> Generics.variables(superclass, raw(superclass)))
          .forEach((name, type) -> inherited.put(name, Generics.replace(type, variables)));
      builder.enter("super", () -> fill(properties, superclass, inherited));
    } else if (!parent.equals("java.lang.Object") && !parent.equals("java.lang.Record")) {
      throw builder.unsupported("a " + parent + ", a type of Java's own without a JSON form");
    }
  }

  private void addField(Properties properties, FieldModel field, Map<String, Signature> variables) {
    boolean seen = field.flags().has(AccessFlag.PUBLIC) || JacksonNames.property(field).isPresent();
    boolean left = field.flags().has(AccessFlag.STATIC) || field.flags().has(AccessFlag.TRANSIENT);
    if (seen && !left && !JacksonNames.ignored(field)) {
      Signature type = Generics.declared(field, field.fieldTypeSymbol());
      add(properties, field, field.fieldName().stringValue(), Generics.replace(type, variables));
    }
  }

  private void addGetter(
      Properties properties,
      ClassModel model,
      MethodModel method,
      Map<String, Signature> variables) {
    MethodTypeDesc type = method.methodTypeSymbol();
    String name = method.methodName().stringValue();
    if (!open(method) || type.parameterCount() != 0) {
      return;
    }
    boolean truth = type.returnType().equals(ConstantDescs.CD_boolean);
    Optional<String> property =
        name.equals("getClass") || type.returnType().equals(ConstantDescs.CD_void)
            ? Optional.empty()
            : Beans.property("get", name)
                .or(() -> truth ? Beans.property("is", name) : Optional.empty());
    property
        .filter(found -> !Beans.ignored(model, found))
        .ifPresent(
            found ->
                add(
                    properties,
                    method,
                    found,
                    Generics.replace(signature(method).result(), variables)));
  }

  private void addSetter(
      Properties properties,
      ClassModel model,
      MethodModel method,
      Map<String, Signature> variables) {
    if (open(method) && method.methodTypeSymbol().parameterCount() == 1) {
      Beans.property("set", method.methodName().stringValue())
          .filter(found -> !Beans.ignored(model, found))
          .ifPresent(
              found ->
                  add(
                      properties,
                      method,
                      found,
                      Generics.replace(signature(method).arguments().getFirst(), variables)));
    }
  }

  private void add(Properties properties, AttributedElement element, String name, Signature type) {
    String key = JacksonNames.property(element).orElse(name);
    if (!properties.has(key)) {
      properties.add(key, builder.schema(key, type), false);
    }
  }

  private static boolean open(MethodModel method) {
    return method.flags().has(AccessFlag.PUBLIC)
        && !method.flags().has(AccessFlag.STATIC)
        && !method.flags().has(AccessFlag.SYNTHETIC)
        && !JacksonNames.ignored(method);
  }

  private static MethodSignature signature(MethodModel method) {
    return method
        .findAttribute(Attributes.signature())
        .map(attribute -> attribute.asMethodSignature())
        .orElseGet(() -> MethodSignature.of(method.methodTypeSymbol()));
  }

  private static Signature.ClassTypeSig raw(ClassModel model) {
    return Signature.ClassTypeSig.of(model.thisClass().asSymbol());
  }

  private static Optional<String> named(List<AttributedElement> places) {
    return places.stream().flatMap(place -> JacksonNames.property(place).stream()).findFirst();
  }
}
