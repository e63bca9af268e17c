package dev.fanfare.code;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a function sees of the process it runs in: the JDK, the SDK, JSpecify's annotations and
 * Jackson (the platform's own version, which comes before one in the jar).
 */
final class PlatformClasses extends ClassLoader {
  private static final List<String> SHOWN =
      List.of(
          "dev.fanfare.function.",
          "dev.fanfare.client.",
          "dev.fanfare.shipping.",
          "dev.fanfare.wire.",
          "com.fasterxml.jackson.",
          "org.jspecify.annotations.");
  private static final List<String> TOOLS = List.of("com.sun.", "jdk.");

  static {
    registerAsParallelCapable();
  }

  private final ClassLoader own = PlatformClasses.class.getClassLoader();

  PlatformClasses() {
    super("fanfare", ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (startsWithOne(SHOWN, name)) {
      return own.loadClass(name);
    }
    try {
      return super.loadClass(name, resolve);
    } catch (ClassNotFoundException e) {
      Class<?> tool = tool(name);
      if (tool == null) {
        throw e;
      }
      return tool;
    }
  }

  /** A class of those JDK modules that the platform's loader does not have. */
  private @Nullable Class<?> tool(String name) throws ClassNotFoundException {
    if (!startsWithOne(TOOLS, name)) {
      return null;
    }
    Class<?> found = own.loadClass(name);
    return found.getModule().isNamed() ? found : null;
  }

  private static boolean startsWithOne(List<String> prefixes, String name) {
    for (String prefix : prefixes) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
