package dev.fanfare.execution;

/** A command could not be started; the message says why and is for the caller. */
public final class CommandFailed extends Exception {
  private static final long serialVersionUID = 1L;

  /** What a shell exits with when it does not find a command. */
  public static final int NOT_FOUND = 127;

  /** What a shell exits with when it may not run a command. */
  public static final int NOT_ALLOWED = 126;

  private final int code;

  CommandFailed(int code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  /** The exit code that a shell would have given. */
  public int code() {
    return code;
  }
}
