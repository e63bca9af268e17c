package dev.fanfare.shipping;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Variables of JShell: there they are static fields of classes of the shell's own, one for each
 * snippet, so that a lambda reads them without capturing them. They travel with the values that
 * they have when the lambda is shipped.
 */
final class ShellVariables {
  private static final String SNIPPETS = "REPL/$JShell$";

  private ShellVariables() {}

  /**
   * A variable and its value.
   *
   * @param className of the snippet, with dots
   */
  record Variable(String className, String field, ShippedLambda.Captured value) {
    void set(ClassLoader loader, @Nullable Object to) throws ReflectiveOperationException {
      Field variable = Class.forName(className, true, loader).getDeclaredField(field);
      variable.setAccessible(true);
      variable.set(null, to);
    }
  }

  /** Writes a value. */
  interface Writing {
    ShippedLambda.Captured write(String variable, Object value);
  }

  /**
   * Those of these classes.
   *
   * @param holder the class of the lambda itself, whose variable it is
   */
  static List<Variable> of(
      Iterable<String> classNames, String holder, ClassLoader loader, Writing writing) {
    var found = new ArrayList<Variable>();
    for (String name : classNames) {
      if (name.startsWith(SNIPPETS) && !name.equals(holder)) {
        addAll(name.replace('/', '.'), loader, writing, found);
      }
    }
    return found;
  }

  private static void addAll(
      String className, ClassLoader loader, Writing writing, List<Variable> found) {
    try {
      for (Field field : Class.forName(className, false, loader).getDeclaredFields()) {
        int traits = field.getModifiers();
        if (Modifier.isStatic(traits) && !Modifier.isFinal(traits) && !field.isSynthetic()) {
          field.setAccessible(true);
          Object value = field.get(null);
          if (value != null) {
            found.add(
                new Variable(className, field.getName(), writing.write(field.getName(), value)));
          }
        }
      }
    } catch (ReflectiveOperationException | RuntimeException e) {
      throw e instanceof IllegalArgumentException known
          ? known
          : new IllegalArgumentException(
              "the shell's variables cannot be read: " + e.getMessage(), e);
    }
  }
}
