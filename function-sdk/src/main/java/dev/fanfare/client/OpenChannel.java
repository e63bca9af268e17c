package dev.fanfare.client;

import dev.fanfare.function.Channel;
import dev.fanfare.function.ChannelException;
import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of a channel with a running function. It ends with the invocation: when the
 * function returned, what it sent can still be received, then the channel has ended; when it
 * failed, {@code receive} throws that behind what it sent. Thread-safe.
 */
public final class OpenChannel<I, O> implements Channel<I, O> {
  /** How long {@link #close} waits for the function to end. */
  static final Duration CLOSING = Duration.ofSeconds(10);

  private final Channel<I, O> channel;
  private final ChannelLink link;

  OpenChannel(Channel<I, O> channel, ChannelLink link) {
    this.channel = channel;
    this.link = link;
  }

  /** The invocation's id. */
  public String invocation() {
    return link.invocation();
  }

  /**
   * Waits until the invocation has ended.
   *
   * @return whether it has in that time
   * @throws FunctionFailed if it threw, ran too long, was cancelled or lost
   * @throws Interrupted if the thread was interrupted
   */
  public boolean awaitEnd(Duration longest) {
    return link.awaitEnd(longest);
  }

  /** Breaks it off: the function is interrupted, its result is nobody's. */
  public void cancel() {
    link.cancel();
  }

  @Override
  public void send(O item) {
    channel.send(item);
  }

  @Override
  public @Nullable I receive() {
    return channel.receive();
  }

  @Override
  public @Nullable I receive(Duration longest) {
    return channel.receive(longest);
  }

  @Override
  public Iterator<I> iterator() {
    return channel.iterator();
  }

  @Override
  public void onMessage(Consumer<? super I> callback, Consumer<? super @Nullable Throwable> end) {
    channel.onMessage(callback, end);
  }

  @Override
  public void end() {
    channel.end();
  }

  /**
   * Closes, and waits for the function to end, for 10 seconds at the most; it is not cancelled if
   * it takes longer. How it ended is told by {@link #awaitEnd} alone.
   */
  @Override
  public void close() {
    channel.close();
    try {
      link.awaitEnd(CLOSING);
    } catch (FanfareException e) {
      // whoever wants to know asks for it
    }
  }

  /** Closes, and waits for nothing. */
  void leave() {
    channel.close();
  }

  @Override
  public void closeWithError(String message) {
    channel.closeWithError(message);
  }

  @Override
  public void closeWithError(Throwable thrown) {
    channel.closeWithError(thrown);
  }

  /** As of {@link Channel#open}. */
  @Override
  public <A, B> Channel<A, B> open(Class<A> in, Class<B> out) {
    return channel.open(in, out);
  }

  /** How {@link ChannelException}s name it. */
  @Override
  public String toString() {
    return "channel of invocation " + invocation();
  }
}
