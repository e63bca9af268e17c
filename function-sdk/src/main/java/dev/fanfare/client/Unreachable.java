package dev.fanfare.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;

/**
 * The platform could not be reached, or the connection broke. A synchronous call may have run all
 * the same.
 */
public final class Unreachable extends FanfareException {
  private static final long serialVersionUID = 1L;

  private Unreachable(String message, Throwable cause) {
    super(message, cause);
  }

  /** Whether nothing was sent, because there was no connection. */
  boolean neverConnected() {
    return getCause() instanceof ConnectException
        || getCause() instanceof HttpConnectTimeoutException;
  }

  static Unreachable at(URI platform, Throwable cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new Unreachable(
        "the platform at "
            + platform
            + " cannot be reached: "
            + why
            + " (does it run? fanfare up starts one)",
        cause);
  }
}
