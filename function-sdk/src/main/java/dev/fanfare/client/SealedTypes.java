package dev.fanfare.client;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import dev.fanfare.function.KebabCase;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells the classes of a sealed type apart by a field {@code type}, where no annotation of
 * Jackson's says otherwise. Arguments are written by their own class, so there the field is written
 * for every class below a sealed type.
 */
final class SealedTypes extends JacksonAnnotationIntrospector {
  private static final long serialVersionUID = 1L;

  private static final JsonTypeInfo.Value BY_TYPE_FIELD =
      JsonTypeInfo.Value.construct(
          JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, "type", null, false, null, null);

  @Override
  public JsonTypeInfo.@Nullable Value findPolymorphicTypeInfo(
      MapperConfig<?> config, Annotated annotated) {
    JsonTypeInfo.Value given = super.findPolymorphicTypeInfo(config, annotated);
    if (given != null || !(annotated instanceof AnnotatedClass)) {
      return given;
    }
    Class<?> type = annotated.getRawType();
    boolean told = config instanceof SerializationConfig ? belowSealed(type) : isSealed(type);
    return told ? BY_TYPE_FIELD : null;
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
    List<NamedType> given = super.findSubtypes(annotated);
    if (!isSealed(annotated.getRawType())) {
      return given;
    }
    var types = new ArrayList<NamedType>();
    var seen = new HashSet<Class<?>>();
    if (given != null) {
      given.stream().filter(NamedType::hasName).forEach(types::add);
      types.forEach(type -> seen.add(type.getType()));
    }
    addLeaves(annotated.getRawType(), seen, types);
    return types;
  }

  @Override
  public @Nullable String findTypeName(AnnotatedClass annotated) {
    String given = super.findTypeName(annotated);
    return given == null && belowSealed(annotated.getRawType())
        ? KebabCase.of(annotated.getRawType().getSimpleName())
        : given;
  }

  private static void addLeaves(Class<?> type, Set<Class<?>> seen, List<NamedType> types) {
    if (isSealed(type)) {
      for (Class<?> below : type.getPermittedSubclasses()) {
        addLeaves(below, seen, types);
      }
    }
    if (!Modifier.isAbstract(type.getModifiers()) && seen.add(type)) {
      JsonTypeName name = type.getAnnotation(JsonTypeName.class);
      boolean given = name != null && !name.value().isEmpty();
      types.add(new NamedType(type, given ? name.value() : KebabCase.of(type.getSimpleName())));
    }
  }

  private static boolean belowSealed(@Nullable Class<?> type) {
    if (type == null || type.isEnum() || type.isArray() || type.isPrimitive()) {
      return false;
    }
    if (isSealed(type) || belowSealed(type.getSuperclass())) {
      return true;
    }
    for (Class<?> above : type.getInterfaces()) {
      if (belowSealed(above)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isSealed(Class<?> type) {
    return type.isSealed() && !type.isEnum() && !type.getName().startsWith("java.");
  }
}
