package dev.fanfare.function;

import java.time.Duration;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a two-way stream of items. A function that declares a parameter of this type is
 * opened, not called: its other end is the client's. Thread-safe; items sent by one thread arrive
 * in order.
 *
 * <p>Items of type {@code byte[]} travel as they are, all others as JSON; one item is at most
 * {@value #LARGEST_ITEM} bytes. What was sent before {@link #end}, {@link #close} or an error
 * arrives, as long as the other end reads and both live. A sender waits while what the other end
 * has not read fills the channel's window, so neither end nor anything between them holds more than
 * that.
 *
 * <p>A channel ends when both sides ended it, when either closed it, when the invocation it belongs
 * to ended, and when the other end was lost. Whoever waits in it then wakes. Whatever happens,
 * items that came before can still be received; then an error is thrown, once; then the channel has
 * ended.
 *
 * @param <I> what comes in
 * @param <O> what goes out
 */
public interface Channel<I, O> extends Iterable<I>, AutoCloseable {
  /** The most bytes of one item as it travels: 8 MiB. */
  int LARGEST_ITEM = 8 << 20;

  /**
   * Sends an item; waits while the window is full. On return it is on its way, not yet received.
   *
   * @throws ChannelClosed if this end was ended or closed, or the other end takes no more
   * @throws ChannelException.Interrupted if the thread was interrupted while it waited
   * @throws IllegalArgumentException if the item has no JSON form or is too large
   */
  void send(O item);

  /**
   * Waits for the next item.
   *
   * @return the item; null when the channel has ended
   * @throws ChannelFailed once, behind the items that came before it, if the other end failed
   * @throws ChannelException.Misfit if the item is none of this type; the next call takes the next
   * @throws ChannelException.Interrupted if the thread was interrupted while it waited
   */
  @Nullable I receive();

  /**
   * Waits for the next item, at most so long; zero only looks.
   *
   * @return the item; null when the channel has ended
   * @throws ChannelException.TimedOut if none came in time; nothing is lost by it
   * @throws ChannelFailed as of {@link #receive()}
   */
  @Nullable I receive(Duration longest);

  /**
   * The items to come, as of {@link #receive()}; ends when the channel does, and throws what {@code
   * receive} throws.
   */
  @Override
  Iterator<I> iterator();

  /**
   * From now on gives each item to a callback, one after the other in order, on a thread of the
   * channel's own; nothing else can receive then. A callback that throws closes the channel with
   * that as its error, which {@code end} hears too.
   *
   * @param end hears once that no more items come: null when the channel ended, else why it failed
   * @throws IllegalStateException if there is a callback already
   */
  void onMessage(Consumer<? super I> callback, Consumer<? super @Nullable Throwable> end);

  /** Sends no more: the other end receives what was sent, then the end. Items still come in. */
  void end();

  /**
   * Sends no more and takes no more. The other end receives what was sent, then the end; what it
   * sends from now on is thrown away, and its next {@code send} throws. Closing twice does nothing.
   */
  @Override
  void close();

  /** Closes with an error, which the other end's reader is thrown behind what was sent. */
  void closeWithError(String message);

  /** The same with what was thrown here: its class, message and stack go along. */
  void closeWithError(Throwable thrown);

  /**
   * A new channel beside this one, of the same invocation. Its other end goes wherever the channel
   * is put into an item that is sent, once; there it is read as a {@code Channel} with the types
   * the other way round.
   *
   * @throws ChannelClosed if this channel's invocation has ended
   */
  <A, B> Channel<A, B> open(Class<A> in, Class<B> out);
}
