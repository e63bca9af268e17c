package dev.fanfare.ssh;

/** A worker cannot be run over ssh. The message says in words why, and on which machine. */
public final class SshException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean worthRetrying;

  private SshException(String message, boolean worthRetrying) {
    super(message);
    this.worthRetrying = worthRetrying;
  }

  /** It is as it is until somebody changes it. */
  static SshException because(SshTarget target, String reason) {
    return new SshException(target.host() + ": " + reason, false);
  }

  /** The connection could not be made or broke. */
  public static SshException unreachable(SshTarget target, String reason) {
    return new SshException(target.host() + ": " + reason, true);
  }

  /** Whether trying again later may help. */
  public boolean worthRetrying() {
    return worthRetrying;
  }
}
