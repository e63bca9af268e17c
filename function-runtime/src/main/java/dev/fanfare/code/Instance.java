package dev.fanfare.code;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The one object of a class that all its functions are called on; made at the first call. */
final class Instance {
  private final Class<?> type;
  private @Nullable Object object;

  Instance(Class<?> type) {
    this.type = type;
  }

  /** The object; a constructor that threw is tried again at the next call. */
  synchronized Object get() throws Throwable {
    if (object == null) {
      object = make();
    }
    return object;
  }

  private Object make() throws Throwable {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return constructor.newInstance();
    } catch (NoSuchMethodException e) {
      throw new MissingCode(type.getName() + " has no constructor without parameters");
    } catch (InstantiationException e) {
      throw new MissingCode(type.getName() + " is abstract");
    } catch (InvocationTargetException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }
}
