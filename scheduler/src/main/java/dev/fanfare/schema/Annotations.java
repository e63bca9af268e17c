package dev.fanfare.schema;

import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.TypeAnnotation;
import java.lang.classfile.TypeAnnotation.TypePathComponent.Kind;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reads the annotations that a running program would see. */
public final class Annotations {
  private Annotations() {}

  /** The annotation of this descriptor on the class, method, field or record component. */
  public static Optional<Annotation> find(AttributedElement element, String descriptor) {
    return on(element).stream()
        .filter(annotation -> annotation.className().equalsString(descriptor))
        .findFirst();
  }

  /**
   * The value that the annotation gives the element of this name; empty where the default holds.
   */
  public static Optional<AnnotationValue> value(Annotation annotation, String element) {
    return annotation.elements().stream()
        .filter(given -> given.name().equalsString(element))
        .map(AnnotationElement::value)
        .findFirst();
  }

  /**
   * The text that the annotation gives the element of this name; empty where it is the empty text.
   */
  public static Optional<String> text(Annotation annotation, String element) {
    return value(annotation, element)
        .filter(AnnotationValue.OfString.class::isInstance)
        .map(value -> ((AnnotationValue.OfString) value).stringValue())
        .filter(text -> !text.isEmpty());
  }

  /** The constant that the annotation gives the element of this name. */
  public static Optional<String> constant(Annotation annotation, String element) {
    return value(annotation, element)
        .filter(AnnotationValue.OfEnum.class::isInstance)
        .map(value -> ((AnnotationValue.OfEnum) value).constantName().stringValue());
  }

  /** Whether a {@code @Nullable} of any maker stands at the field, record component or method. */
  public static boolean nullable(AttributedElement element) {
    return on(element).stream().anyMatch(Annotations::isNullable)
        || typeAnnotated(
            element, target -> !(target instanceof TypeAnnotation.FormalParameterTarget));
  }

  /** Whether a {@code @Nullable} of any maker stands at this parameter of the method. */
  public static boolean nullableParameter(AttributedElement method, int index) {
    boolean declared =
        method
            .findAttribute(Attributes.runtimeVisibleParameterAnnotations())
            .map(all -> all.parameterAnnotations())
            .filter(all -> index < all.size())
            .stream()
            .flatMap(all -> all.get(index).stream())
            .anyMatch(Annotations::isNullable);
    return declared
        || typeAnnotated(
            method,
            target ->
                target instanceof TypeAnnotation.FormalParameterTarget parameter
                    && parameter.formalParameterIndex() == index);
  }

  private static List<Annotation> on(AttributedElement element) {
    return element
        .findAttribute(Attributes.runtimeVisibleAnnotations())
        .map(all -> all.annotations())
        .orElse(List.of());
  }

  /** A type's own annotation, not one of its type arguments or array elements. */
  private static boolean typeAnnotated(
      AttributedElement element, Predicate<TypeAnnotation.TargetInfo> target) {
    return element
        .findAttribute(Attributes.runtimeVisibleTypeAnnotations())
        .map(all -> all.annotations())
        .orElse(List.of())
        .stream()
        .filter(found -> target.test(found.targetInfo()))
        .filter(
            found ->
                found.targetPath().stream()
                    .allMatch(step -> step.typePathKind() == Kind.INNER_TYPE))
        .anyMatch(found -> isNullable(found.annotation()));
  }

  private static boolean isNullable(Annotation annotation) {
    String descriptor = annotation.className().stringValue();
    return descriptor.endsWith("/Nullable;");
  }
}
