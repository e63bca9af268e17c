package dev.fanfare.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.fanfare.function.KebabCase;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Jackson's annotations, and what Java's own declarations say where there are none. */
final class FunctionTypes extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  private static final JsonTypeInfo.Value BY_TYPE_FIELD =
      JsonTypeInfo.Value.construct(
          JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "type", null, false, null, null);

  // ---- sealed types ----

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    JsonTypeInfo.Value given = super.findPolymorphicTypeInfo(config, annotated);
    if (given == null && annotated instanceof AnnotatedClass && isSealed(annotated.getRawType())) {
      return BY_TYPE_FIELD;
    }
    return given;
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
    List<NamedType> given = super.findSubtypes(annotated);
    if (!isSealed(annotated.getRawType())) {
      return given;
    }
    var types = new ArrayList<NamedType>();
    var named = new HashSet<Class<?>>();
    if (given != null) {
      given.stream().filter(NamedType::hasName).forEach(types::add);
      types.forEach(type -> named.add(type.getType()));
    }
    addLeaves(annotated.getRawType(), named, types);
    return types;
  }

  private void addLeaves(Class<?> type, Set<Class<?>> seen, List<NamedType> types) {
    if (isSealed(type)) {
      for (Class<?> below : type.getPermittedSubclasses()) {
        addLeaves(below, seen, types);
      }
    }
    if (!Modifier.isAbstract(type.getModifiers()) && seen.add(type)) {
      var name = type.getAnnotation(com.fasterxml.jackson.annotation.JsonTypeName.class);
      boolean given = name != null && !name.value().isEmpty();
      types.add(new NamedType(type, given ? name.value() : KebabCase.of(type.getSimpleName())));
    }
  }

  private static boolean isSealed(Class<?> type) {
    return type.isSealed() && !type.isEnum();
  }

  // ---- what is required ----

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    Boolean given = super.hasRequiredMarker(member);
    RecordComponent component = given == null ? component(member) : null;
    return component == null ? given : (Boolean) required(component);
  }

  @Override
  public JsonSetter.Value findSetterInfo(Annotated annotated) {
    JsonSetter.Value given = super.findSetterInfo(annotated);
    RecordComponent component = component(annotated);
    return component != null && given.getValueNulls() == Nulls.DEFAULT && required(component)
        ? given.withValueNulls(Nulls.FAIL)
        : given;
  }

  private static boolean required(RecordComponent component) {
    return !component.getType().getName().startsWith("java.util.Optional")
        && !mayBeNull(component)
        && !component.getType().getName().startsWith("com.fasterxml.jackson.databind.");
  }

  /** The component that a constructor's parameter sets, if it is of a record. */
  private static @Nullable RecordComponent component(Annotated annotated) {
    if (!(annotated instanceof AnnotatedParameter parameter)
        || !parameter.getDeclaringClass().isRecord()) {
      return null;
    }
    RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
    boolean canonical = parameter.getOwner().getParameterCount() == components.length;
    return canonical ? components[parameter.getIndex()] : null;
  }

  private static boolean mayBeNull(RecordComponent component) {
    return hasNullable(component)
        || hasNullable(component.getAnnotatedType())
        || hasNullable(component.getAccessor());
  }

  /** {@code @Nullable} of any maker. */
  private static boolean hasNullable(AnnotatedElement element) {
    return Stream.of(element.getAnnotations())
        .map(Annotation::annotationType)
        .anyMatch(type -> type.getSimpleName().equals("Nullable"));
  }
}
