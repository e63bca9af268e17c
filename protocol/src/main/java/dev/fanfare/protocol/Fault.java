package dev.fanfare.protocol;

/**
 * What went wrong, for people and programs.
 *
 * @param code the stable code
 * @param type the thrown class's name, or the code where nothing was thrown
 * @param message what, which, the limit, and what to do; at most {@link #MESSAGE_LIMIT} characters
 * @param stack the remote stack trace, empty where there is none; at most {@link #STACK_LIMIT}
 *     characters
 * @param status the HTTP status of a {@code Reject}, 0 where the function chose none
 */
public record Fault(FailureCode code, String type, String message, String stack, int status) {
  public static final int MESSAGE_LIMIT = 4_096;
  public static final int STACK_LIMIT = 16_384;

  public Fault {
    message = cut(message, MESSAGE_LIMIT);
    stack = cut(stack, STACK_LIMIT);
  }

  /** A fault of the platform's own telling, without class or stack. */
  public static Fault of(FailureCode code, String message) {
    return new Fault(code, code.code(), message, "", 0);
  }

  private static String cut(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit - 1) + "…";
  }
}
