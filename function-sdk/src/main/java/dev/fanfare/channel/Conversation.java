package dev.fanfare.channel;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelClosed;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One side of all the channels of one invocation. What is sent gathers here as events until the
 * owner {@linkplain #take takes} it; what came is {@linkplain #received given} to it. Thread-safe.
 */
public final class Conversation {
  /** The most channels that are open at a time. */
  public static final int MOST_CHANNELS = 1_000;

  /** With so many bytes waiting, they are to go now. */
  private static final int MANY_BYTES = 16 * 1024;

  /** What is taken at a time is at most this and one item. */
  private static final int PIECE_BYTES = 1 << 20;

  /** Which side of the invocation this is. */
  public enum Side {
    CLIENT(2),
    FUNCTION(1);

    private final int firstNumber;

    Side(int firstNumber) {
      this.firstNumber = firstNumber;
    }
  }

  /** Who carries the events. */
  public interface Outlet {
    /**
     * There is something to {@link Conversation#take}.
     *
     * @param now whether it is to go at once: a thread is about to wait, or there is much; else it
     *     may wait a moment for more
     */
    void ready(boolean now);
  }

  private static final byte[] NOTHING = {};

  private final Side side;
  private final Outlet outlet;
  private final ObjectMapper json;
  private final Executor callbacks;
  private final EventWriter out = new EventWriter();
  private final ArrayDeque<byte[]> full = new ArrayDeque<>();
  private final Map<Integer, End<?, ?>> ends = new ConcurrentHashMap<>();
  private final AtomicInteger next;
  private @Nullable String over;
  private boolean unsent;

  /**
   * Both sides begin with channel 0, which is open.
   *
   * @param json with a {@link ChannelModule}
   * @param callbacks runs callbacks, each of which may take long
   */
  public Conversation(Side side, Outlet outlet, ObjectMapper json, Executor callbacks) {
    this.side = side;
    this.outlet = outlet;
    this.json = json;
    this.callbacks = callbacks;
    this.next = new AtomicInteger(side.firstNumber);
    ends.put(0, new End<>(this, 0));
  }

  /** Channel 0, with these types of items. To be called once. */
  @SuppressWarnings("unchecked")
  public <I, O> Channel<I, O> first(Type in, Type out) {
    Channel<?, ?> first = claim(0, json.constructType(in), json.constructType(out));
    if (first == null) {
      throw new IllegalStateException("the first channel was taken before");
    }
    return (Channel<I, O>) first;
  }

  // ---- for its owner ----

  /** Tells the other side that there is somebody here; of the function's side. */
  public void begin() {
    add(EventKind.OPEN, 0, NOTHING);
    flush();
  }

  /**
   * Events that are to go to the other side, in order; null if there are none. To be called until
   * there are none.
   */
  public byte @Nullable [] take() {
    synchronized (out) {
      byte[] piece = full.poll();
      if (piece == null && out.length() > 0) {
        piece = out.take();
      }
      unsent = piece != null;
      return piece;
    }
  }

  /**
   * Events of the other side, in order, one call at a time.
   *
   * @throws MalformedEvents if they are none, or break the window: the other side cannot be trusted
   */
  public void received(byte[] events) {
    var reader = new EventReader(events);
    while (reader.next()) {
      received(reader);
    }
  }

  /** This side is done: every channel is closed, the other side receives what was sent. */
  public void finish() {
    over("the invocation has ended");
    ends.values().forEach(End::close);
  }

  /** The other side is done or lost: every channel that has not ended does, behind what came. */
  public void otherSideEnded(String why) {
    over(why);
    ends.values().forEach(end -> end.lost(why));
  }

  /** The other side failed: every channel that has not ended fails, behind what came. */
  public void otherSideFailed(RemoteFault fault) {
    over(fault.message());
    ends.values().forEach(end -> end.failed(fault));
  }

  /** Waits until no channel with a callback is open. */
  public void awaitCallbacks() throws InterruptedException {
    for (End<?, ?> end : List.copyOf(ends.values())) {
      end.awaitCallback();
    }
  }

  // ---- for its ends ----

  <A, B> Channel<A, B> open(Class<A> in, Class<B> out) {
    int number = next.getAndAdd(2);
    var end = new End<A, B>(this, number);
    end.claim(form(json.constructType(in)), form(json.constructType(out)));
    synchronized (this.out) {
      if (over != null) {
        throw new ChannelClosed("no channel can be opened: " + over, null);
      }
      if (ends.size() >= MOST_CHANNELS) {
        throw new IllegalStateException("an invocation has at most " + MOST_CHANNELS + " channels");
      }
      ends.put(number, end);
      this.out.add(EventKind.OPEN, number);
    }
    return end;
  }

  /** The number of a channel that is about to travel. */
  int numberOf(Channel<?, ?> channel) {
    if (!(channel instanceof End<?, ?> end) || !end.travels(this)) {
      throw new IllegalArgumentException(
          "only a channel that this one opened can be sent in it, and only once");
    }
    return end.number();
  }

  /** A channel that the other side opened; null if there is none, or it was claimed before. */
  @Nullable Channel<?, ?> claim(int number, JavaType in, JavaType out) {
    End<?, ?> end = ends.get(number);
    return end != null && end.claim(form(in), form(out)) ? end : null;
  }

  void add(EventKind kind, int channel, byte[] content) {
    synchronized (out) {
      if (out.length() + content.length > PIECE_BYTES && out.length() > 0) {
        full.add(out.take());
      }
      out.add(kind, channel, content);
    }
  }

  void credit(int channel, long count) {
    synchronized (out) {
      out.credit(channel, count);
    }
    ready();
  }

  /** Something was added. */
  void ready() {
    boolean many;
    synchronized (out) {
      many = out.length() >= MANY_BYTES || !full.isEmpty();
      if (out.length() == 0 || unsent && !many) {
        return;
      }
      unsent = true;
    }
    outlet.ready(many);
  }

  /** What was added is to go now. */
  void flush() {
    synchronized (out) {
      if (out.length() == 0) {
        return;
      }
      unsent = true;
    }
    outlet.ready(true);
  }

  void run(Runnable callback) {
    callbacks.execute(callback);
  }

  void forget(End<?, ?> end) {
    ends.remove(end.number(), end);
  }

  private ItemForm form(JavaType type) {
    return new ItemForm(json, type, this);
  }

  private void over(String why) {
    synchronized (out) {
      if (over == null) {
        over = why;
      }
    }
  }

  private void received(EventReader event) {
    int number = event.channel();
    End<?, ?> end = ends.get(number);
    if (event.kind() == EventKind.OPEN) {
      if (number != 0) {
        opened(number, end);
      }
    } else if (end != null) {
      end.received(event);
    } // else it has ended here, and the other side does not know yet
  }

  private void opened(int number, @Nullable End<?, ?> present) {
    boolean theirs = (number & 1) != (side.firstNumber & 1);
    if (!theirs || present != null || ends.size() >= 2 * MOST_CHANNELS) {
      throw new MalformedEvents("channel " + number + " cannot be opened by the other side");
    }
    var end = new End<>(this, number);
    ends.put(number, end);
    synchronized (out) {
      if (over == null) {
        return;
      }
    }
    end.close();
  }
}
