package dev.fanfare.deploy;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.attribute.InnerClassInfo;
import java.lang.constant.ConstantDescs;
import java.lang.reflect.AccessFlag;
import java.util.Optional;

/** Checks that the platform can call a method, and make the object that it is called on. */
final class Callable {
  private Callable() {}

  static void check(
      String className, String where, ClassModel model, MethodModel method, Problems problems) {
    if (!method.flags().has(AccessFlag.PUBLIC)) {
      problems.add(ProblemCode.UNUSABLE_METHOD, where, "the method is not public: make it public");
    }
    if (method.flags().has(AccessFlag.ABSTRACT)) {
      problems.add(
          ProblemCode.UNUSABLE_METHOD,
          where,
          "the method is abstract: annotate the method that has the code");
      return;
    }
    boolean isStatic = method.flags().has(AccessFlag.STATIC);
    obstacle(model, isStatic)
        .ifPresent(why -> problems.add(ProblemCode.UNUSABLE_CLASS, className, why));
  }

  private static Optional<String> obstacle(ClassModel model, boolean isStatic) {
    if (!model.flags().has(AccessFlag.PUBLIC)) {
      return Optional.of("the class has functions and is not public: make it public");
    }
    if (isStatic) {
      return Optional.empty();
    }
    if (model.flags().has(AccessFlag.INTERFACE)) {
      return Optional.of(
          "an interface cannot be made: move its functions to a class, or make them static");
    }
    if (model.flags().has(AccessFlag.ABSTRACT)) {
      return Optional.of(
          "the class has functions and is abstract: move them to a class that can be made, or make"
              + " them static");
    }
    if (isInner(model)) {
      return Optional.of("the class is an inner class, which cannot be made alone: make it static");
    }
    if (!hasConstructor(model)) {
      return Optional.of(
          "the class has functions and no public constructor without parameters: add one, or make"
              + " the functions static");
    }
    return Optional.empty();
  }

  private static boolean isInner(ClassModel model) {
    String own = model.thisClass().asInternalName();
    return model
        .findAttribute(Attributes.innerClasses())
        .flatMap(
            all ->
                all.classes().stream()
                    .filter(inner -> inner.innerClass().asInternalName().equals(own))
                    .findFirst())
        .filter(inner -> !isStatic(inner))
        .isPresent();
  }

  private static boolean isStatic(InnerClassInfo inner) {
    return inner.has(AccessFlag.STATIC);
  }

  private static boolean hasConstructor(ClassModel model) {
    return model.methods().stream()
        .filter(method -> method.methodName().equalsString(ConstantDescs.INIT_NAME))
        .filter(method -> method.flags().has(AccessFlag.PUBLIC))
        .anyMatch(method -> method.methodTypeSymbol().parameterCount() == 0);
  }
}
