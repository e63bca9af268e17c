package dev.fanfare.cluster;

/** A node could not start. */
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private NodeException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** The stable code, for example {@code member-port-taken}. */
  public String code() {
    return code;
  }

  static NodeException portTaken(String host, int port, Throwable cause) {
    return new NodeException(
        "member-port-taken",
        "the member port " + host + ":" + port + " is taken or cannot be bound; choose another",
        cause);
  }

  static NodeException notStarted(Throwable cause) {
    return new NodeException(
        "member-not-started", "the cluster member did not start: " + cause.getMessage(), cause);
  }
}
