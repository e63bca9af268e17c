package dev.fanfare.schema;

import java.lang.classfile.ClassModel;
import java.util.Optional;

/** How Jackson calls the properties of classes with getters and setters. */
final class Beans {
  private Beans() {}

  /** {@code url} for {@code getURL}: every capital at the start becomes small. */
  static Optional<String> property(String prefix, String method) {
    if (method.length() <= prefix.length() || !method.startsWith(prefix)) {
      return Optional.empty();
    }
    var name = new StringBuilder(method.substring(prefix.length()));
    for (int i = 0; i < name.length() && Character.isUpperCase(name.charAt(i)); i++) {
      name.setCharAt(i, Character.toLowerCase(name.charAt(i)));
    }
    return Optional.of(name.toString());
  }

  /** Whether the property's field says that it is to be left out. */
  static boolean ignored(ClassModel model, String property) {
    return model.fields().stream()
        .anyMatch(field -> field.fieldName().equalsString(property) && JacksonNames.ignored(field));
  }
}
