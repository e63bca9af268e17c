package dev.fanfare.channel;

import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelClosed;
import dev.fanfare.function.ChannelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of one channel: what came and was not taken, and how much may still be sent. The lock is
 * not held while anything else is called but the conversation's writer.
 */
final class End<I, O> implements Channel<I, O> {
  /** More credit than this is not believed. */
  private static final long MOST_ROOM = 1L << 40;

  private static final byte[] NOTHING = {};

  private final Conversation conversation;
  private final int number;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition roomGrew = lock.newCondition();
  private final ArrayDeque<Item> queue = new ArrayDeque<>();
  private final Window window = new Window();
  private @Nullable ItemForm in;
  private @Nullable ItemForm out;
  private @Nullable Callback<I> callback;

  private long room = Window.FIRST;

  /** Whether nothing more comes in. */
  private boolean inEnded;

  /** What the reader is still to be thrown. */
  private @Nullable RemoteFault fault;

  /** Whether this end was ended or closed. */
  private boolean outEnded;

  /** Why the other end takes nothing more, null while it does. */
  private @Nullable String outRefused;

  private @Nullable RemoteFault outFault;
  private boolean travelled;

  /** An item as it came. */
  private record Item(EventKind kind, byte[] content) {}

  End(Conversation conversation, int number) {
    this.conversation = conversation;
    this.number = number;
  }

  int number() {
    return number;
  }

  /** How many items came and were not taken. */
  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  /** Gives it types; false if it has them. */
  boolean claim(ItemForm itemsIn, ItemForm itemsOut) {
    lock.lock();
    try {
      if (in != null) {
        return false;
      }
      in = itemsIn;
      out = itemsOut;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether it is one of this conversation's that may travel now; from now on it may not. */
  boolean travels(Conversation in) {
    lock.lock();
    try {
      boolean may = conversation == in && number != 0 && !travelled;
      travelled = true;
      return may;
    } finally {
      lock.unlock();
    }
  }

  // ---- sending ----

  @Override
  public void send(O item) {
    if (item == null) {
      throw new NullPointerException("null is no item");
    }
    ItemForm form = form(out);
    byte[] content = form.written(item);
    while (!offer(form.kind(), content)) {
      conversation.flush();
      awaitRoom();
    }
    conversation.ready();
  }

  private boolean offer(EventKind kind, byte[] content) {
    lock.lock();
    try {
      checkSendable();
      if (room <= 0) {
        return false;
      }
      room -= Window.cost(content.length);
      conversation.add(kind, number, content);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom() {
    try {
      lock.lockInterruptibly();
      try {
        while (room <= 0 && !outEnded && outRefused == null) {
          roomGrew.await();
        }
      } finally {
        lock.unlock();
      }
    } catch (InterruptedException e) {
      throw ChannelException.Interrupted.restoringFlag(e);
    }
  }

  private void checkSendable() {
    if (outEnded) {
      throw new ChannelClosed("nothing can be sent: this end was ended or closed", null);
    }
    if (outRefused != null) {
      throw new ChannelClosed(
          "nothing can be sent: " + outRefused, outFault == null ? null : outFault.thrown());
    }
  }

  // ---- receiving ----

  @Override
  public @Nullable I receive() {
    return receive(0, null);
  }

  @Override
  public @Nullable I receive(Duration longest) {
    long nanos =
        longest.compareTo(Duration.ofDays(365)) > 0 ? Long.MAX_VALUE / 4 : longest.toNanos();
    return receive(System.nanoTime() + nanos, longest);
  }

  @SuppressWarnings("unchecked")
  private @Nullable I receive(long until, @Nullable Duration longest) {
    try {
      Item item = next(false);
      while (item == null && !over()) {
        conversation.flush();
        await(until, longest);
        item = next(false);
      }
      return item == null ? null : (I) form(in).read(item.kind(), item.content());
    } catch (InterruptedException e) {
      throw ChannelException.Interrupted.restoringFlag(e);
    }
  }

  private void await(long until, @Nullable Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !inEnded) {
        if (longest == null) {
          changed.await();
        } else {
          long left = until - System.nanoTime();
          if (left <= 0) {
            throw new ChannelException.TimedOut(longest);
          }
          long unused = changed.awaitNanos(left);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the reader has heard all there is. */
  private boolean over() {
    lock.lock();
    try {
      return inEnded && fault == null && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** The next item, if there is one; throws the error if it is its turn. */
  private @Nullable Item next(boolean forCallback) {
    long credit;
    Item item;
    lock.lock();
    try {
      if (callback != null && !forCallback) {
        throw new IllegalStateException("the items go to a callback");
      }
      item = queue.poll();
      if (item == null) {
        throwFault();
        return null;
      }
      credit = window.taken(item.content().length);
      if (inEnded) {
        credit = 0;
        forgetIfOver();
      }
    } finally {
      lock.unlock();
    }
    if (credit > 0) {
      conversation.credit(number, credit);
    }
    return item;
  }

  private void throwFault() {
    RemoteFault told = fault;
    fault = null;
    if (told != null) {
      throw told.thrown();
    }
  }

  @Override
  public Iterator<I> iterator() {
    return new Iterator<I>() {
      private @Nullable I ahead;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          ahead = receive();
        }
        return ahead != null;
      }

      @Override
      public I next() {
        if (!hasNext() || ahead == null) {
          throw new NoSuchElementException("the channel has ended");
        }
        I item = ahead;
        ahead = null;
        return item;
      }
    };
  }

  // ---- callbacks ----

  @Override
  public void onMessage(Consumer<? super I> each, Consumer<? super @Nullable Throwable> end) {
    lock.lock();
    try {
      if (callback != null) {
        throw new IllegalStateException("the items go to a callback already");
      }
      callback = new Callback<>(each, end);
    } finally {
      lock.unlock();
    }
    wakeCallback();
  }

  /** Waits until its callback, if it has one, has heard the end. */
  void awaitCallback() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (callback != null && !callback.over) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  private void wakeCallback() {
    lock.lock();
    try {
      if (callback == null || callback.running || callback.over || queue.isEmpty() && !inEnded) {
        return;
      }
      callback.running = true;
    } finally {
      lock.unlock();
    }
    conversation.run(this::feedCallback);
  }

  @SuppressWarnings("unchecked")
  private void feedCallback() {
    Callback<I> to = callback;
    if (to == null) {
      return;
    }
    Throwable failure = null;
    try {
      while (more(to)) {
        Item item = next(true);
        if (item != null) {
          to.each.accept((I) form(in).read(item.kind(), item.content()));
        }
      }
    } catch (dev.fanfare.function.ChannelFailed e) {
      failure = e;
    } catch (Throwable e) {
      failure = e;
      closeWithError(e);
    }
    conversation.flush();
    if (failure != null || to.heardAll) {
      tellEnd(to, failure);
    }
  }

  /** Whether the callback is to go on; if not, it waits for more or is to hear the end. */
  private boolean more(Callback<I> to) {
    lock.lock();
    try {
      if (!queue.isEmpty() || fault != null) {
        return true;
      }
      to.heardAll = inEnded;
      to.running = inEnded;
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void tellEnd(Callback<I> to, @Nullable Throwable failure) {
    try {
      to.end.accept(failure);
    } finally {
      lock.lock();
      try {
        to.over = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  // ---- ending ----

  @Override
  public void end() {
    lock.lock();
    try {
      if (outEnded) {
        return;
      }
      outEnded = true;
      if (outRefused == null) {
        conversation.add(EventKind.END, number, NOTHING);
      }
      roomGrew.signalAll();
      forgetIfOver();
    } finally {
      lock.unlock();
    }
    conversation.flush();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      boolean tellStop = !inEnded;
      boolean tellEnd = !outEnded && outRefused == null;
      closed();
      if (tellEnd) {
        conversation.add(EventKind.END, number, NOTHING);
      }
      if (tellStop) {
        conversation.add(EventKind.STOP, number, NOTHING);
      }
    } finally {
      lock.unlock();
    }
    conversation.flush();
    wakeCallback();
  }

  @Override
  public void closeWithError(String message) {
    close(RemoteFault.of("closed-with-error", message));
  }

  @Override
  public void closeWithError(Throwable thrown) {
    close(RemoteFault.of(thrown));
  }

  private void close(RemoteFault why) {
    lock.lock();
    try {
      boolean tell = !outEnded && outRefused == null;
      closed();
      if (tell) {
        conversation.add(EventKind.ERROR, number, why.content());
      }
    } finally {
      lock.unlock();
    }
    conversation.flush();
    wakeCallback();
  }

  private void closed() {
    inEnded = true;
    outEnded = true;
    fault = null;
    queue.clear();
    changed.signalAll();
    roomGrew.signalAll();
    forgetIfOver();
  }

  @Override
  public <A, B> Channel<A, B> open(Class<A> in, Class<B> out) {
    return conversation.open(in, out);
  }

  // ---- what the other end says ----

  void received(EventReader event) {
    switch (event.kind()) {
      case JSON, BYTES -> item(event);
      case CREDIT -> credit(event.credit());
      case END -> otherEnded(null);
      case STOP -> otherStopped("the other end was closed", null);
      case ERROR -> failed(RemoteFault.read(event.content()));
      case OPEN -> {}
    }
  }

  private void item(EventReader event) {
    lock.lock();
    try {
      if (inEnded) {
        return;
      }
      if (!window.arrived(event.count())) {
        throw MalformedEvents.noRoom(number);
      }
      queue.add(new Item(event.kind(), event.content()));
      changed.signal();
    } finally {
      lock.unlock();
    }
    wakeCallback();
  }

  private void credit(long count) {
    lock.lock();
    try {
      room = Math.min(MOST_ROOM, room + Math.min(count, MOST_ROOM));
      roomGrew.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Behind what came, the reader hears the fault, and then that the channel has ended. */
  void failed(RemoteFault why) {
    otherStopped(why.message(), why);
    otherEnded(why);
  }

  /** The other end is not there any more. */
  void lost(String why) {
    otherStopped(why, null);
    otherEnded(null);
  }

  private void otherStopped(String why, @Nullable RemoteFault because) {
    lock.lock();
    try {
      if (outRefused == null) {
        outRefused = why;
        outFault = because;
      }
      roomGrew.signalAll();
      forgetIfOver();
    } finally {
      lock.unlock();
    }
  }

  private void otherEnded(@Nullable RemoteFault because) {
    lock.lock();
    try {
      if (!inEnded) {
        inEnded = true;
        fault = because;
      }
      changed.signalAll();
      forgetIfOver();
    } finally {
      lock.unlock();
    }
    wakeCallback();
  }

  /** The conversation need not know it any more when nothing can happen to it. */
  private void forgetIfOver() {
    if (inEnded && (outEnded || outRefused != null) && in != null && queue.isEmpty()) {
      conversation.forget(this);
    }
  }

  private static ItemForm form(@Nullable ItemForm form) {
    if (form == null) {
      throw new IllegalStateException("the channel has no types yet");
    }
    return form;
  }

  /** Who hears items, one at a time. */
  private static final class Callback<I> {
    final Consumer<? super I> each;
    final Consumer<? super @Nullable Throwable> end;
    boolean running;
    boolean heardAll;
    boolean over;

    Callback(Consumer<? super I> each, Consumer<? super @Nullable Throwable> end) {
      this.each = each;
      this.end = end;
    }
  }

  @Override
  public String toString() {
    return "channel " + number;
  }
}
