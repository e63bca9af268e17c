package dev.fanfare.source;

import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;

/** Source that cannot become code: it is wrong, has no main, or this Java has no compiler. */
public final class Uncompiled extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int STATUS = 422;

  private final String type;

  private Uncompiled(String type, String message) {
    super(message, null, false, false);
    this.type = type;
  }

  /** The compiler's words, a line with file, line and column for each error. */
  static Uncompiled wrong(String errors) {
    return new Uncompiled("compile-error", errors);
  }

  static Uncompiled noMain(String file, String className) {
    return new Uncompiled(
        "no-main",
        file
            + ": "
            + className
            + ", its first class, has no main method: write void main() or"
            + " static void main(String[] args)");
  }

  static Uncompiled noMainWithChannel(String file, String className) {
    return new Uncompiled(
        "no-main",
        file
            + ": "
            + className
            + ", its first class, has no main method with a channel: write"
            + " void main(Channel<In, Out> channel) or"
            + " void main(String[] args, Channel<In, Out> channel)");
  }

  static Uncompiled noCompiler() {
    return new Uncompiled(
        "no-compiler",
        "the worker's Java ("
            + System.getProperty("java.home")
            + ") has no compiler: it is a JRE; install a JDK of Java "
            + Runtime.version().feature()
            + " on the worker, or choose another with --on or --label");
  }

  /** What the caller is told. */
  public Fault fault() {
    String message = getMessage();
    return new Fault(FailureCode.REJECTED, type, message == null ? "" : message, "", STATUS);
  }
}
