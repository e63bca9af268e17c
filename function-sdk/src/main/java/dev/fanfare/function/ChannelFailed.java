package dev.fanfare.function;

/**
 * The other end failed: the function threw, ran too long, or was lost, or an end was closed with an
 * error. Where something was thrown, the cause prints its remote stack.
 */
public final class ChannelFailed extends ChannelException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String type;
  private final String remoteMessage;
  private final String remoteStack;

  /**
   * What the other end tells of itself.
   *
   * @param code stable, for example {@code user-fault}, {@code timed-out} or {@code worker-lost}
   * @param type the class that was thrown, or the code where nothing was
   * @param stack empty where there is none
   */
  public ChannelFailed(String code, String type, String message, String stack) {
    super(code + ": " + message, stack.isBlank() ? null : new RemoteStack(stack.strip()));
    this.code = code;
    this.type = type;
    this.remoteMessage = message;
    this.remoteStack = stack;
  }

  /** A stack trace of another JVM, as text. */
  private static final class RemoteStack extends Throwable {
    private static final long serialVersionUID = 1L;

    RemoteStack(String text) {
      super(text, null, false, false);
    }

    @Override
    @SuppressWarnings("OverrideThrowableToString") // The text begins with the remote class.
    public String toString() {
      return String.valueOf(getMessage());
    }
  }

  /** The stable code: {@code user-fault}, {@code timed-out}, {@code cancelled}, … */
  public String code() {
    return code;
  }

  /** The name of the class that was thrown, or the code where nothing was. */
  public String type() {
    return type;
  }

  /** The message of what was thrown. */
  public String remoteMessage() {
    return remoteMessage;
  }

  /** The stack trace at the other end; empty where there is none. */
  public String remoteStack() {
    return remoteStack;
  }
}
