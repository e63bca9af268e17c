package dev.fanfare.runtime;

import dev.fanfare.code.MissingCode;
import dev.fanfare.function.Reject;
import dev.fanfare.json.Misfit;
import dev.fanfare.json.UnusableResult;
import dev.fanfare.program.ProgramFailed;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.source.Uncompiled;
import org.jspecify.annotations.Nullable;

/** What a caller is told of something thrown, even if it throws when asked about itself. */
final class Faults {
  private Faults() {}

  static Fault of(Throwable thrown) {
    return switch (thrown) {
      case Misfit misfit -> misfit.fault();
      case UnusableResult result -> result.fault();
      case Uncompiled source -> source.fault();
      case ProgramFailed program -> program.fault();
      case MissingCode missing -> Fault.of(FailureCode.NO_SUCH_REVISION, message(missing));
      case Reject reject ->
          new Fault(FailureCode.REJECTED, type(reject), message(reject), "", status(reject));
      case OutOfMemoryError memory ->
          new Fault(
              FailureCode.OUT_OF_MEMORY,
              type(memory),
              "the runtime's memory was not enough (" + message(memory) + "): raise memory",
              Stacks.text(memory),
              0);
      case ExceptionInInitializerError failed ->
          user(
              thrown,
              Stacks.initialiserOf(failed) + " failed to initialise: " + words(cause(failed)));
      case NoClassDefFoundError missing -> user(thrown, missingClass(missing));
      default -> user(thrown, message(thrown));
    };
  }

  private static Fault user(Throwable thrown, String message) {
    return new Fault(FailureCode.USER_FAULT, type(thrown), message, Stacks.text(thrown), 0);
  }

  private static String missingClass(NoClassDefFoundError missing) {
    String message = message(missing);
    if (message.startsWith("Could not initialize class ")) {
      String name = message.substring("Could not initialize class ".length());
      Throwable cause = missing.getCause();
      return name + " failed to initialise before" + (cause == null ? "" : ": " + words(cause));
    }
    return "class "
        + message.replace('/', '.')
        + " is missing: it is neither in the jar nor in Java; pack the library that has it into the"
        + " jar";
  }

  private static String type(Throwable thrown) {
    return thrown.getClass().getName();
  }

  private static Throwable cause(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? thrown : cause;
  }

  private static int status(Reject reject) {
    int status = reject.status();
    return status >= 400 && status <= 499 ? status : 400;
  }

  /** Class and message. */
  static String words(Throwable thrown) {
    String message = ownMessage(thrown);
    return message == null ? type(thrown) : type(thrown) + ": " + message;
  }

  /** The message, or the class's name where there is none. */
  static String message(Throwable thrown) {
    String message = ownMessage(thrown);
    return message == null ? type(thrown) : message;
  }

  @SuppressWarnings("CatchingUnchecked") // the function's own class may throw anything
  private static @Nullable String ownMessage(Throwable thrown) {
    try {
      return thrown.getMessage();
    } catch (Throwable e) {
      return "(its message cannot be told: getMessage threw " + e.getClass().getName() + ")";
    }
  }
}
