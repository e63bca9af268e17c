package dev.fanfare.cluster;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A node could not start. */
public final class NodeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private NodeException(String code, String message, @Nullable Throwable cause) {
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

  static NodeException nobodyListens(String members, Duration waited) {
    return new NodeException(
        "no-member",
        "no member to join: nobody listens at %s (waited %d s); is it started, is its --member-port right?"
                .formatted(members, waited.toSeconds())
            + " The first node of a cluster names nobody, or itself, with --join",
        null);
  }

  static NodeException strangers(String members) {
    return new NodeException(
        "no-member",
        "somebody listens at "
            + members
            + " but does not take this node in: no member of this cluster, or one that cannot reach"
            + " this node",
        null);
  }

  static NodeException refused(String why) {
    return new NodeException("join-refused", "this node was not let in: " + why, null);
  }

  static NodeException disagrees(String cluster, String own) {
    return new NodeException(
        "join-refused",
        "this node and the cluster are set differently: the cluster has '%s', this node '%s'"
            .formatted(cluster, own),
        null);
  }

  static NodeException noDirectory() {
    return new NodeException(
        "no-directory",
        "this node is a member, but no other tells it what is deployed; see their logs",
        null);
  }
}
