package dev.fanfare.gateway;

/** A worker and this gateway could not prove themselves to each other. The message is in words. */
final class ProofRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean busy;

  private ProofRefused(String message, boolean busy) {
    super(message);
    this.busy = busy;
  }

  static ProofRefused because(String reason) {
    return new ProofRefused(reason, false);
  }

  static ProofRefused said(String reason, boolean busy) {
    return new ProofRefused("the worker said: " + reason, busy);
  }

  /** Whether the worker has a session with another gateway, and nothing is wrong. */
  boolean busy() {
    return busy;
  }
}
