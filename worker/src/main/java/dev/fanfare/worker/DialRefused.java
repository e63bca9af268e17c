package dev.fanfare.worker;

/** The gateway will not have this worker; trying again makes no difference. */
public final class DialRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private DialRefused(String message) {
    super(message);
  }

  /** Refused for a reason in words. */
  public static DialRefused because(String reason) {
    return new DialRefused(reason);
  }
}
