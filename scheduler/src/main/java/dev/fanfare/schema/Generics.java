package dev.fanfare.schema;

import java.lang.classfile.AttributedElement;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassSignature;
import java.lang.classfile.Signature;
import java.lang.classfile.Signature.ArrayTypeSig;
import java.lang.classfile.Signature.BaseTypeSig;
import java.lang.classfile.Signature.ClassTypeSig;
import java.lang.classfile.Signature.RefTypeSig;
import java.lang.classfile.Signature.TypeArg;
import java.lang.classfile.Signature.TypeParam;
import java.lang.classfile.Signature.TypeVarSig;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What type variables stand for. */
final class Generics {
  static final Signature.RefTypeSig OBJECT = ClassTypeSig.of(ConstantDescs.CD_Object);

  private Generics() {}

  /** {@code com.example.Images$Size}, whatever its type arguments. */
  static String binaryName(ClassTypeSig type) {
    return binaryName(type.classDesc());
  }

  static String binaryName(ClassDesc desc) {
    String descriptor = desc.descriptorString();
    return descriptor.substring(1, descriptor.length() - 1).replace('/', '.');
  }

  /** The declared type with its generics, of a field or record component. */
  static Signature declared(AttributedElement element, ClassDesc erased) {
    return element
        .findAttribute(Attributes.signature())
        .map(attribute -> attribute.asTypeSignature())
        .orElseGet(() -> Signature.of(erased));
  }

  /**
   * What the type arguments of one use of a class make its variables; raw uses make them objects.
   */
  static Map<String, Signature> variables(ClassModel model, ClassTypeSig use) {
    List<TypeParam> parameters =
        classSignature(model).map(ClassSignature::typeParameters).orElse(List.of());
    var variables = new HashMap<String, Signature>();
    for (int i = 0; i < parameters.size(); i++) {
      Signature argument = i < use.typeArgs().size() ? argument(use.typeArgs().get(i)) : OBJECT;
      variables.put(parameters.get(i).identifier(), argument);
    }
    return variables;
  }

  /** The type that stands for a type argument: itself, a wildcard's upper bound, else an object. */
  static RefTypeSig argument(TypeArg argument) {
    return switch (argument) {
      case TypeArg.Unbounded _ -> OBJECT;
      case TypeArg.Bounded bounded ->
          bounded.wildcardIndicator() == TypeArg.Bounded.WildcardIndicator.SUPER
              ? OBJECT
              : bounded.boundType();
    };
  }

  /** The type with its variables replaced. */
  static Signature replace(Signature type, Map<String, Signature> variables) {
    return switch (type) {
      case BaseTypeSig base -> base;
      case TypeVarSig variable -> variables.getOrDefault(variable.identifier(), variable);
      case ArrayTypeSig array -> ArrayTypeSig.of(replace(array.componentSignature(), variables));
      case ClassTypeSig named when named.typeArgs().isEmpty() -> named;
      case ClassTypeSig named ->
          ClassTypeSig.of(
              named.classDesc(),
              named.typeArgs().stream()
                  .map(argument -> replace(argument(argument), variables))
                  .map(replaced -> TypeArg.of((RefTypeSig) replaced))
                  .toArray(TypeArg[]::new));
    };
  }

  /**
   * What the variables of a subtype stand for, when its supertype is used with these: {@code Ok<V>
   * implements Result<V>} used as {@code Result<String>} makes V a String.
   */
  static Map<String, Signature> ofSubtype(
      ClassModel subtype, ClassModel supertype, Map<String, Signature> variables) {
    var result = new HashMap<String, Signature>();
    var signature = classSignature(subtype);
    if (signature.isEmpty()) {
      return result;
    }
    signature.get().typeParameters().forEach(each -> result.put(each.identifier(), OBJECT));
    List<TypeParam> declared =
        classSignature(supertype).map(ClassSignature::typeParameters).orElse(List.of());
    String superName = supertype.thisClass().asInternalName().replace('/', '.');
    for (ClassTypeSig link : supertypes(signature.get())) {
      if (binaryName(link).equals(superName)) {
        for (int i = 0; i < Math.min(declared.size(), link.typeArgs().size()); i++) {
          if (argument(link.typeArgs().get(i)) instanceof TypeVarSig variable) {
            result.put(
                variable.identifier(),
                variables.getOrDefault(declared.get(i).identifier(), OBJECT));
          }
        }
      }
    }
    return result;
  }

  static Optional<ClassSignature> classSignature(ClassModel model) {
    return model
        .findAttribute(Attributes.signature())
        .map(attribute -> attribute.asClassSignature());
  }

  private static List<ClassTypeSig> supertypes(ClassSignature signature) {
    var all = new ArrayList<>(signature.superinterfaceSignatures());
    all.add(signature.superclassSignature());
    return all;
  }
}
