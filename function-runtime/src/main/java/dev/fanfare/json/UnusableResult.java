package dev.fanfare.json;

import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import java.io.IOException;

/** A return value that makes no body. */
public final class UnusableResult extends IOException {
  private static final long serialVersionUID = 1L;

  private final FailureCode code;

  private UnusableResult(FailureCode code, String message) {
    super(message);
    this.code = code;
  }

  static UnusableResult tooLarge(long limit) {
    return new UnusableResult(
        FailureCode.RESULT_TOO_LARGE,
        "the result is over the limit of " + ByteSizes.format(limit) + ": return less");
  }

  static UnusableResult notJson(String why) {
    return new UnusableResult(
        FailureCode.BAD_RESULT, "the result cannot be written as JSON: " + why);
  }

  static UnusableResult unreadable(String why) {
    return new UnusableResult(
        FailureCode.BAD_RESULT, "the returned stream failed while it was read: " + why);
  }

  /** What the caller is told. */
  public Fault fault() {
    String message = getMessage();
    return Fault.of(code, message == null ? "" : message);
  }
}
