package dev.fanfare.hosting;

import dev.fanfare.frame.Frame;
import java.util.Optional;

/**
 * A runtime that has started and hosts nothing yet, or one revision. It speaks the frames between
 * worker and runtime. Only on the agent's context.
 */
public interface StartedRuntime {

  /** Says who hears what the runtime says; once, before anything is sent. */
  void listen(Listener listener);

  /** Sends a frame; does nothing once the runtime has ended. */
  void send(Frame frame);

  /** Ends it by force, with all that it started, as far as it can be forced. */
  void kill();

  /** For logs: {@code process 4711}. */
  String name();

  /** The process it is, if it is one of its own. */
  default Optional<ProcessHandle> process() {
    return Optional.empty();
  }

  /** Who hears a runtime. */
  interface Listener {
    /** A frame came. */
    void received(Frame frame);

    /** It has ended; nothing more comes. */
    void ended(Exit exit);
  }
}
