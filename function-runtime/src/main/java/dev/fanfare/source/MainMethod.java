package dev.fanfare.source;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The method that a class is launched by (JLS 25, 12.1.4): {@code main} with an array of texts
 * before one without, static or of an object, declared or inherited, not private.
 */
public final class MainMethod {
  private final Method method;

  private MainMethod(Method method) {
    this.method = method;
  }

  /**
   * Finds it.
   *
   * @param file the source's name, to be told of
   * @throws Uncompiled if there is none
   */
  public static MainMethod of(Class<?> type, String file) {
    Method found =
        find(type, String[].class)
            .or(() -> find(type))
            .orElseThrow(() -> Uncompiled.noMain(file, type.getName()));
    found.setAccessible(true);
    return new MainMethod(found);
  }

  private static Optional<Method> find(Class<?> type, Class<?>... parameters) {
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      Optional<Method> here =
          Stream.of(each.getDeclaredMethods())
              .filter(method -> method.getName().equals("main"))
              .filter(method -> method.getReturnType() == void.class)
              .filter(method -> !Modifier.isPrivate(method.getModifiers()))
              .filter(method -> List.of(method.getParameterTypes()).equals(List.of(parameters)))
              .findFirst();
      if (here.isPresent()) {
        return here;
      }
    }
    return Optional.empty();
  }

  /** Calls it; what it throws is thrown as it is. */
  public void call(Class<?> type, String[] arguments) throws Throwable {
    try {
      Object target = Modifier.isStatic(method.getModifiers()) ? null : made(type);
      if (method.getParameterCount() == 0) {
        method.invoke(target);
      } else {
        method.invoke(target, (Object) arguments);
      }
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }

  private static @Nullable Object made(Class<?> type)
      throws ReflectiveOperationException, InvocationTargetException {
    Constructor<?> constructor = type.getDeclaredConstructor();
    constructor.setAccessible(true);
    return constructor.newInstance();
  }
}
