package dev.fanfare.worker;

import dev.fanfare.frame.Link;
import io.vertx.core.Future;

/** Opens links to a gateway. Called on the agent's context, again after every loss. */
public interface Dialer {

  /**
   * Opens a link whose frames go to the listener, on the agent's context; fails with words for
   * people where it cannot.
   */
  Future<Link> dial(Link.Listener listener);

  /** How links are opened, in a word for people: {@code dials}. */
  default String way() {
    return "dials";
  }

  /** The gateway gave a credential to use from now on in place of a join token. */
  default void credential(String credential) {}
}
