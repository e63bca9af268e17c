package dev.fanfare.program;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;

/** A program did not do what was asked of it. */
public final class ProgramFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The exit code by which a program refuses its input (EX_DATAERR of sysexits.h). */
  static final int REFUSED = 65;

  private static final int REFUSED_STATUS = 422;

  private final transient Fault fault;

  ProgramFailed(Fault fault) {
    super(fault.message(), null, false, false);
    this.fault = fault;
  }

  /** It ended with a code other than 0; the end of what it wrote to standard error says why. */
  static ProgramFailed exited(int code, String signal, String errors) {
    String last = errors.lines().filter(line -> !line.isBlank()).reduce("", (a, b) -> b).strip();
    if (code == REFUSED) {
      String why = last.isEmpty() ? "the program refused its input" : last;
      return new ProgramFailed(new Fault(FailureCode.REJECTED, "refused", why, "", REFUSED_STATUS));
    }
    String how = signal.isEmpty() ? "exit code " + code : signal;
    return new ProgramFailed(
        new Fault(
            FailureCode.USER_FAULT,
            "exit",
            last.isEmpty() ? how : how + ": " + last,
            errors.strip(),
            0));
  }

  static ProgramFailed notStarted(String why) {
    return new ProgramFailed(new Fault(FailureCode.USER_FAULT, "not-started", why, "", 0));
  }

  /** It said something that is no answer. */
  static ProgramFailed misspoke(String why) {
    return new ProgramFailed(new Fault(FailureCode.BAD_RESULT, "bad-answer", why, "", 0));
  }

  /** What the caller is told. */
  public Fault fault() {
    return fault;
  }
}
