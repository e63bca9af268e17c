package dev.fanfare.source;

import dev.fanfare.function.Channel;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The method that a class is launched by (JLS 25, 12.1.4): {@code main} with an array of texts
 * before one without, static or of an object, declared or inherited, not private. One that is
 * opened takes a {@link Channel}, with or without an array of texts before it.
 */
public final class MainMethod {
  private final Method method;

  private MainMethod(Method method) {
    this.method = method;
    method.setAccessible(true);
  }

  /**
   * Finds it.
   *
   * @param file the source's name, to be told of
   * @throws Uncompiled if there is none
   */
  public static MainMethod of(Class<?> type, String file) {
    return find(type, String[].class)
        .or(() -> find(type))
        .map(MainMethod::new)
        .orElseThrow(() -> Uncompiled.noMain(file, type.getName()));
  }

  /**
   * Finds the one that takes a channel.
   *
   * @throws Uncompiled if there is none, or the channel does not say of what it is
   */
  public static MainMethod withChannel(Class<?> type, String file) {
    return find(type, String[].class, Channel.class)
        .or(() -> find(type, Channel.class))
        .filter(method -> channel(method) instanceof ParameterizedType)
        .map(MainMethod::new)
        .orElseThrow(() -> Uncompiled.noMainWithChannel(file, type.getName()));
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

  private static Type channel(Method method) {
    return method.getGenericParameterTypes()[method.getParameterCount() - 1];
  }

  /** What its channel takes in, then what it gives out. */
  public Type[] items() {
    return ((ParameterizedType) channel(method)).getActualTypeArguments();
  }

  /** Calls it; what it throws is thrown as it is. */
  public void call(Class<?> type, String[] arguments) throws Throwable {
    call(type, method.getParameterCount() == 0 ? new Object[0] : new Object[] {arguments});
  }

  /** Calls one with a channel; what it throws is thrown as it is. */
  public void call(Class<?> type, String[] arguments, Channel<?, ?> channel) throws Throwable {
    call(
        type,
        method.getParameterCount() == 1
            ? new Object[] {channel}
            : new Object[] {arguments, channel});
  }

  private void call(Class<?> type, Object[] values) throws Throwable {
    try {
      method.invoke(Modifier.isStatic(method.getModifiers()) ? null : made(type), values);
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
