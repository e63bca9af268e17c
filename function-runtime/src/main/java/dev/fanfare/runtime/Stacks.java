package dev.fanfare.runtime;

import dev.fanfare.protocol.Fault;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Writes stack traces of the function's own frames: the runtime's are left out at the bottom. */
final class Stacks {
  private static final int MOST_FRAMES = 200;
  private static final List<String> OWN =
      List.of("dev.fanfare.code.", "dev.fanfare.runtime.", "dev.fanfare.source.");

  private Stacks() {}

  static String text(Throwable thrown) {
    var text = new StringBuilder();
    append(text, "", thrown, Collections.newSetFromMap(new IdentityHashMap<>()));
    return text.toString();
  }

  /** The class whose static initialiser failed. */
  static String initialiserOf(ExceptionInInitializerError failed) {
    Throwable cause = failed.getCause();
    for (StackTraceElement frame : frames(cause == null ? failed : cause)) {
      if (frame.getMethodName().equals("<clinit>")) {
        return frame.getClassName();
      }
    }
    return "a class";
  }

  private static void append(
      StringBuilder text, String caption, Throwable thrown, Set<Throwable> seen) {
    if (!seen.add(thrown) || text.length() > Fault.STACK_LIMIT) {
      return;
    }
    text.append(caption).append(Faults.words(thrown)).append('\n');
    StackTraceElement[] frames = frames(thrown);
    int end = ownEnd(frames);
    for (int i = 0; i < Math.min(end, MOST_FRAMES); i++) {
      text.append("    at ").append(frames[i]).append('\n');
    }
    if (end > MOST_FRAMES) {
      text.append("    … ").append(end - MOST_FRAMES).append(" more\n");
    }
    for (Throwable suppressed : thrown.getSuppressed()) {
      append(text, "Suppressed: ", suppressed, seen);
    }
    Throwable cause = cause(thrown);
    if (cause != null) {
      append(text, "Caused by: ", cause, seen);
    }
  }

  /** Where the runtime's own frames begin, below the function's. */
  private static int ownEnd(StackTraceElement[] frames) {
    for (int i = 0; i < frames.length; i++) {
      String name = frames[i].getClassName();
      if (OWN.stream().anyMatch(name::startsWith)) {
        int end = i;
        while (end > 0 && isReflection(frames[end - 1].getClassName())) {
          end--;
        }
        return end;
      }
    }
    return frames.length;
  }

  private static boolean isReflection(String name) {
    return name.startsWith("java.lang.reflect.") || name.startsWith("jdk.internal.reflect.");
  }

  @SuppressWarnings("CatchingUnchecked") // the function's own class may throw anything
  private static StackTraceElement[] frames(Throwable thrown) {
    try {
      return thrown.getStackTrace();
    } catch (Throwable e) {
      return new StackTraceElement[0];
    }
  }

  @SuppressWarnings("CatchingUnchecked") // the function's own class may throw anything
  private static @org.jspecify.annotations.Nullable Throwable cause(Throwable thrown) {
    try {
      return thrown.getCause();
    } catch (Throwable e) {
      return null;
    }
  }
}
