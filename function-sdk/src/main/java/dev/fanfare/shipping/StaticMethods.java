package dev.fanfare.shipping;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds a class's own static methods by what they are to be called with. */
final class StaticMethods {
  private StaticMethods() {}

  static Method find(Class<?> type, String name, List<@Nullable Object> arguments) {
    List<Method> fitting =
        Stream.of(type.getDeclaredMethods())
            .filter(method -> Modifier.isStatic(method.getModifiers()))
            .filter(method -> method.getName().equals(name))
            .filter(method -> takes(method.getParameterTypes(), arguments))
            .toList();
    if (fitting.size() != 1) {
      throw new IllegalArgumentException(
          type.getName()
              + " has "
              + (fitting.isEmpty() ? "no" : "more than one")
              + " static method "
              + name
              + " that takes these "
              + arguments.size()
              + " arguments");
    }
    return fitting.get(0);
  }

  private static boolean takes(Class<?>[] types, List<@Nullable Object> arguments) {
    if (types.length != arguments.size()) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      Object argument = arguments.get(i);
      Class<?> boxed = MethodType.methodType(types[i]).wrap().returnType();
      boolean fits = argument == null ? !types[i].isPrimitive() : boxed.isInstance(argument);
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
