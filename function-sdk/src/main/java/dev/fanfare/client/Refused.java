package dev.fanfare.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The platform did not take the request: no such function, a bad key, a limit. No function ran. */
public final class Refused extends FanfareException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final @Nullable String invocation;

  Refused(int status, String code, String detail, @Nullable String invocation) {
    super(detail + " (" + status + " " + code + ")", null);
    this.status = status;
    this.code = code;
    this.invocation = invocation;
  }

  /** The HTTP status, 400 to 599. */
  public int status() {
    return status;
  }

  /** The problem's stable code, for example {@code no-such-function}. */
  public String code() {
    return code;
  }

  /** The invocation that the refusal is about, if there is one. */
  public Optional<String> invocation() {
    return Optional.ofNullable(invocation);
  }
}
