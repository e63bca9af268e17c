package dev.fanfare.function;

/**
 * A function's own refusal of its input: answered with the given 4xx status and never retried.
 *
 * <pre>{@code
 * if (order.quantity() < 1) throw new Reject(422, "quantity must be at least 1");
 * }</pre>
 */
public class Reject extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * Refuses with an HTTP status and a message for the caller.
   *
   * @throws IllegalArgumentException if the status is outside 400 to 499
   */
  public Reject(int status, String message) {
    super(message);
    if (status < 400 || status > 499) {
      throw new IllegalArgumentException(
          "a Reject carries a status of 400 to 499, not " + status + ": " + message);
    }
    this.status = status;
  }

  /** The HTTP status, 400 to 499. */
  public int status() {
    return status;
  }
}
