package dev.fanfare.channel;

import dev.fanfare.channel.Inbound.Item;
import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelException;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One end of one channel: what it sends, what came, and in what form items travel. Thread-safe. */
final class End<I, O> implements Channel<I, O> {
  private static final byte[] NOTHING = {};

  private final Conversation conversation;
  private final int number;
  private final Inbound inbound;
  private final Outbound outbound;
  private final AtomicReference<@Nullable Forms> forms = new AtomicReference<>();
  private final AtomicReference<@Nullable Callback> callback = new AtomicReference<>();
  private final AtomicBoolean travelled = new AtomicBoolean();

  /** How items travel, either way. */
  private record Forms(ItemForm in, ItemForm out) {}

  End(Conversation conversation, int number) {
    this.conversation = conversation;
    this.number = number;
    this.inbound = new Inbound(conversation, number);
    this.outbound = new Outbound(conversation, number);
  }

  int number() {
    return number;
  }

  /** How many items came and were not taken. */
  int waiting() {
    return inbound.waiting();
  }

  /** Gives it types; false if it has them. */
  boolean claim(ItemForm in, ItemForm out) {
    return forms.compareAndSet(null, new Forms(in, out));
  }

  /** Whether it is one of this conversation's that may travel now; from now on it may not. */
  boolean travels(Conversation in) {
    return travelled.compareAndSet(false, true) && conversation == in && number != 0;
  }

  private Forms forms() {
    Forms known = forms.get();
    if (known == null) {
      throw new IllegalStateException("the channel has no types yet");
    }
    return known;
  }

  // ---- items ----

  @Override
  public void send(O item) {
    if (item == null) {
      throw new NullPointerException("null is no item");
    }
    ItemForm form = forms().out();
    outbound.send(form.kind(), form.written(item));
  }

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

  private @Nullable I receive(long until, @Nullable Duration longest) {
    try {
      Item item = next();
      while (item == null && !inbound.over()) {
        conversation.flush();
        inbound.await(until, longest);
        item = next();
      }
      return item == null ? null : read(item);
    } catch (InterruptedException e) {
      throw ChannelException.Interrupted.restoringFlag(e);
    }
  }

  private @Nullable Item next() {
    if (callback.get() != null) {
      throw new IllegalStateException("the items go to a callback");
    }
    Item item = inbound.next();
    forgetIfOver();
    return item;
  }

  @SuppressWarnings("unchecked")
  private @Nullable I read(Item item) {
    return (I) forms().in().read(item.kind(), item.content());
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

  @Override
  public void onMessage(Consumer<? super I> each, Consumer<? super @Nullable Throwable> end) {
    var made =
        new Callback(
            inbound,
            conversation,
            item -> each.accept(read(item)),
            failure -> {
              forgetIfOver();
              end.accept(failure);
            },
            this::closeWithError);
    if (!callback.compareAndSet(null, made)) {
      throw new IllegalStateException("the items go to a callback already");
    }
    wakeCallback();
  }

  /** Waits until its callback, if it has one, has heard the end. */
  void awaitCallback() throws InterruptedException {
    Callback present = callback.get();
    if (present != null) {
      present.awaitEnd();
    }
  }

  private void wakeCallback() {
    Callback present = callback.get();
    if (present != null) {
      present.wake();
    }
  }

  @Override
  public <A, B> Channel<A, B> open(Class<A> in, Class<B> out) {
    return conversation.open(in, out);
  }

  // ---- ending ----

  @Override
  public void end() {
    outbound.end();
    conversation.flush();
    forgetIfOver();
  }

  @Override
  public void close() {
    outbound.end();
    closeInbound(true);
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
    boolean told = outbound.fail(why);
    closeInbound(!told);
  }

  /**
   * @param tell whether the other end is to be told; an error says it by itself
   */
  private void closeInbound(boolean tell) {
    if (inbound.close() && tell) {
      conversation.add(EventKind.STOP, number, NOTHING);
    }
    conversation.flush();
    forgetIfOver();
    wakeCallback();
  }

  // ---- what the other end says ----

  void received(EventReader event) {
    switch (event.kind()) {
      case JSON, BYTES -> {
        inbound.arrived(event);
        wakeCallback();
      }
      case CREDIT -> outbound.credit(event.credit());
      case END -> otherEnded(null);
      case STOP -> otherStopped("the other end was closed", null);
      case ERROR -> failed(RemoteFault.read(event.content()));
      case OPEN -> {}
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
    outbound.refuse(why, because);
    forgetIfOver();
  }

  private void otherEnded(@Nullable RemoteFault because) {
    inbound.end(because);
    forgetIfOver();
    wakeCallback();
  }

  /** The conversation need not know it any more when nothing can happen to it. */
  private void forgetIfOver() {
    if (outbound.over() && forms.get() != null && inbound.drained()) {
      conversation.forget(this);
    }
  }

  @Override
  public String toString() {
    return "channel " + number;
  }
}
