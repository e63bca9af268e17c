package dev.fanfare.terminal;

/** How a command ends, for scripts. */
public enum ExitCode {
  OK(0),
  /** The function failed. */
  FUNCTION_FAILED(1),
  /** The command line or the configuration is wrong. */
  USAGE(2),
  /** The platform cannot be reached, or cannot do it. */
  PLATFORM(3),
  /** There is no such function, invocation, alias, context. */
  NOT_FOUND(4),
  INTERRUPTED(130);

  private final int number;

  ExitCode(int number) {
    this.number = number;
  }

  /** The one with this number; any other is a function's own failure. */
  public static ExitCode of(int number) {
    for (ExitCode code : values()) {
      if (code.number == number) {
        return code;
      }
    }
    return FUNCTION_FAILED;
  }

  /** What the process exits with. */
  public int number() {
    return number;
  }
}
