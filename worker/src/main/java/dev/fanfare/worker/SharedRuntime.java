package dev.fanfare.worker;

import dev.fanfare.capture.StandardStreams;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.runtime.RuntimeHost;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A runtime inside the worker's process: a class loader, attempts on virtual threads. Killing it
 * abandons what runs: its threads are interrupted, but nothing can force them.
 */
final class SharedRuntime implements StartedRuntime, Link.Listener {
  private final Link link;
  private final List<Frame> early = new ArrayList<>();
  private @Nullable Listener listener;
  private @Nullable Exit exit;
  private boolean killed;
  private String unloadable = "";

  SharedRuntime(Context context) {
    StandardStreams.share();
    Executor hosting = task -> Thread.ofVirtual().name("shared-runtime").start(task);
    this.link =
        InProcessLink.connect(
            this,
            task -> context.runOnContext(next -> task.run()),
            far -> new RuntimeHost(far, false),
            hosting);
  }

  @Override
  public void listen(Listener to) {
    listener = to;
    early.forEach(to::received);
    early.clear();
  }

  @Override
  public void send(Frame frame) {
    link.send(frame);
  }

  @Override
  public void kill() {
    killed = true;
    link.close();
  }

  @Override
  public String name() {
    return "a shared runtime";
  }

  @Override
  public void received(Frame frame) {
    if (frame instanceof Frame.Bye bye) {
      unloadable = bye.reason();
      link.close();
    } else if (listener == null) {
      early.add(frame);
    } else {
      listener.received(frame);
    }
  }

  @Override
  public void closed(String reason) {
    if (exit == null) {
      exit =
          killed
              ? new Exit(Exit.Cause.KILLED, "the worker ended it")
              : unloadable.isEmpty()
                  ? new Exit(Exit.Cause.CRASHED, reason)
                  : new Exit(Exit.Cause.UNLOADABLE, unloadable);
      if (listener != null) {
        listener.ended(exit);
      }
    }
  }
}
