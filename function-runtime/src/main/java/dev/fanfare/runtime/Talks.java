package dev.fanfare.runtime;

import dev.fanfare.capture.Capture;
import dev.fanfare.capture.Captures;
import dev.fanfare.channel.Carrier;
import dev.fanfare.channel.Conversation;
import dev.fanfare.channel.MalformedEvents;
import dev.fanfare.channel.RemoteFault;
import dev.fanfare.code.LoadedFunction;
import dev.fanfare.frame.Frame.Events;
import dev.fanfare.frame.Frame.Held;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The channels of the attempts that run. What their ends say leaves by the outbox. Thread-safe. */
final class Talks {
  private final Outbox outbox;
  private final ClassLoader classes;
  private final Map<Held, Conversation> running = new ConcurrentHashMap<>();
  private @Nullable Carrier carrier;

  Talks(Outbox outbox, ClassLoader classes) {
    this.outbox = outbox;
    this.classes = classes;
  }

  /** The function's side of an attempt's channels. */
  Conversation begin(Held lease, LoadedFunction.Conversing function, Capture capture) {
    var outlet = new Outlet(lease);
    Conversation conversation = function.conversation(outlet, callbacks(capture));
    outlet.conversation = conversation;
    running.put(lease, conversation);
    return conversation;
  }

  /** The attempt is over. */
  void end(Held lease) {
    running.remove(lease);
  }

  /** The other side said something; what belongs to nothing that runs is dropped. */
  void received(Events events) {
    Conversation conversation = running.get(new Held(events.id(), events.fence()));
    if (conversation != null) {
      try {
        conversation.received(events.bytes());
      } catch (MalformedEvents e) {
        conversation.otherSideFailed(
            RemoteFault.of("bad-channel", "the client broke the channel: " + e.getMessage()));
      }
    }
  }

  synchronized void close() {
    if (carrier != null) {
      carrier.close();
    }
  }

  private synchronized Carrier carrier() {
    if (carrier == null) {
      carrier = Carrier.start("fanfare-channels", outbox::flush);
    }
    return carrier;
  }

  private Executor callbacks(Capture capture) {
    return task ->
        Thread.ofVirtual()
            .name("function-callback")
            .start(
                () -> {
                  Thread.currentThread().setContextClassLoader(classes);
                  Captures.ofThisThread(capture);
                  task.run();
                });
  }

  /** Tells the outbox whose events there are, and the carrier that there are some. */
  private final class Outlet implements Conversation.Outlet {
    private final Held lease;
    private volatile @Nullable Conversation conversation;

    Outlet(Held lease) {
      this.lease = lease;
    }

    @Override
    public void ready(boolean now) {
      Conversation talk = conversation;
      if (talk != null) {
        outbox.talk(lease, talk);
        carrier().ready(now);
      }
    }
  }
}
