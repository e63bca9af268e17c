package dev.fanfare.channel;

import dev.fanfare.channel.Inbound.Item;
import dev.fanfare.function.ChannelFailed;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives what comes to a callback, one item at a time, and then the end, once. Thread-safe. */
final class Callback {
  private final Inbound in;
  private final Conversation conversation;
  private final Consumer<? super Item> each;
  private final Consumer<? super @Nullable Throwable> end;
  private final Consumer<Throwable> broken;
  private final AtomicBoolean running = new AtomicBoolean();
  private final CountDownLatch over = new CountDownLatch(1);

  /**
   * @param broken hears what {@code each} threw, after which it is given nothing
   */
  Callback(
      Inbound in,
      Conversation conversation,
      Consumer<? super Item> each,
      Consumer<? super @Nullable Throwable> end,
      Consumer<Throwable> broken) {
    this.in = in;
    this.conversation = conversation;
    this.each = each;
    this.end = end;
    this.broken = broken;
  }

  /** There may be news. */
  void wake() {
    if (in.hasNews() && running.compareAndSet(false, true)) {
      conversation.run(this::feed);
    }
  }

  /** Waits until it has heard the end. */
  void awaitEnd() throws InterruptedException {
    over.await();
  }

  /** Once it has told the end it counts as running for ever. */
  private void feed() {
    try {
      giveItems();
    } catch (ChannelFailed e) {
      tellEnd(e);
      return;
    } catch (Broken e) {
      broken.accept(e.why);
      tellEnd(e.why);
      return;
    }
    conversation.flush();
    if (in.over()) {
      tellEnd(null);
      return;
    }
    running.set(false);
    wake();
  }

  private void giveItems() throws Broken {
    for (Item item = in.next(); item != null; item = in.next()) {
      try {
        each.accept(item);
      } catch (Throwable e) {
        throw new Broken(e);
      }
    }
  }

  private void tellEnd(@Nullable Throwable failure) {
    conversation.flush();
    try {
      end.accept(failure);
    } finally {
      over.countDown();
    }
  }

  /** What was thrown to us, apart from what the channel throws. */
  private static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Throwable why;

    Broken(Throwable why) {
      super(null, null, false, false);
      this.why = why;
    }
  }
}
