package dev.fanfare.terminal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ends a command with a message for people, what to do about it, and an exit code for scripts. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;
  private final @Nullable String advice;

  private CommandException(
      ExitCode exitCode, String message, @Nullable String advice, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
    this.advice = advice;
  }

  /** The command line or the configuration is wrong. */
  public static CommandException usage(String message) {
    return new CommandException(ExitCode.USAGE, message, null, null);
  }

  /** The platform cannot be reached, or cannot do it. */
  public static CommandException platform(String message) {
    return new CommandException(ExitCode.PLATFORM, message, null, null);
  }

  /** There is no such thing. */
  public static CommandException notFound(String message) {
    return new CommandException(ExitCode.NOT_FOUND, message, null, null);
  }

  /** The function failed. */
  public static CommandException functionFailed(String message) {
    return new CommandException(ExitCode.FUNCTION_FAILED, message, null, null);
  }

  /** The user stopped it. */
  public static CommandException interrupted() {
    return new CommandException(ExitCode.INTERRUPTED, "interrupted", null, null);
  }

  /** The same with a line that says what to do. */
  public CommandException advise(String advice) {
    return new CommandException(exitCode, String.valueOf(getMessage()), advice, getCause());
  }

  /** The same with what caused it. */
  public CommandException causedBy(Throwable cause) {
    return new CommandException(exitCode, String.valueOf(getMessage()), advice, cause);
  }

  public ExitCode exitCode() {
    return exitCode;
  }

  /** What to do about it. */
  public Optional<String> advice() {
    return Optional.ofNullable(advice);
  }
}
