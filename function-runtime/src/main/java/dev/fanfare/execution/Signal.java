package dev.fanfare.execution;

import java.util.Locale;
import java.util.Optional;

/** Signals that a caller may send, by their numbers on Linux. */
public enum Signal {
  HUP(1),
  INT(2),
  QUIT(3),
  KILL(9),
  USR1(10),
  USR2(12),
  TERM(15),
  CONT(18),
  STOP(19);

  /** What shells add to a signal's number to make an exit code. */
  private static final int CODES_FROM = 128;

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  int number() {
    return number;
  }

  /**
   * The signal of this name, with or without SIG.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static Signal of(String name) {
    String plain = name.toUpperCase(Locale.ROOT).replaceFirst("^SIG", "");
    for (Signal signal : values()) {
      if (signal.name().equals(plain)) {
        return signal;
      }
    }
    throw new IllegalArgumentException("no signal '" + name + "'");
  }

  /** The name of the signal that a process with this exit code was ended by. */
  public static Optional<String> endedBy(int exitCode) {
    return switch (exitCode - CODES_FROM) {
      case 4 -> Optional.of("SIGILL");
      case 6 -> Optional.of("SIGABRT");
      case 7 -> Optional.of("SIGBUS");
      case 8 -> Optional.of("SIGFPE");
      case 11 -> Optional.of("SIGSEGV");
      case 13 -> Optional.of("SIGPIPE");
      case 14 -> Optional.of("SIGALRM");
      default -> {
        for (Signal signal : values()) {
          if (signal.number == exitCode - CODES_FROM) {
            yield Optional.of("SIG" + signal.name());
          }
        }
        yield Optional.empty();
      }
    };
  }
}
