package dev.fanfare.json;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;

/** A body that does not fit the function's parameters. */
public final class Misfit extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  private Misfit(int status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  static Misfit notJson(String why) {
    return new Misfit(400, "the body is not JSON: " + why);
  }

  static Misfit noForm(String why) {
    return new Misfit(400, "the body is not a form: " + why);
  }

  static Misfit missing(String path, String expected) {
    return new Misfit(422, path + ": missing, expected " + expected);
  }

  static Misfit wrong(String path, String expected, String got) {
    return new Misfit(422, path + ": expected " + expected + ", got " + got);
  }

  static Misfit refused(String path, String why) {
    return new Misfit(422, path + ": " + why);
  }

  /** What the caller is told. */
  public Fault fault() {
    String message = getMessage();
    return new Fault(FailureCode.REJECTED, "argument", message == null ? "" : message, "", status);
  }
}
