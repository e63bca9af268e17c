package dev.fanfare.client;

import dev.fanfare.function.ChannelClosed;
import dev.fanfare.function.ChannelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Channels with one function on each member of a {@link Group}. What any of them sends comes in
 * here, in order for each; a member that sends more than is taken waits. Thread-safe.
 *
 * <p>A member that failed is told of once, behind what it sent: {@code receive} throws {@link
 * MemberFailed}, and goes on with the others then.
 *
 * @param <I> what comes in
 * @param <O> what goes out
 */
public final class GroupChannel<I, O> implements Iterable<GroupChannel.Item<I>>, AutoCloseable {
  private final Map<String, OpenChannel<I, O>> members;
  private final Inbox<I> inbox;
  private @Nullable List<MemberEnd> ends;

  /** An item and the name of the worker that sent it. */
  public record Item<I>(String worker, I item) {}

  GroupChannel(Map<String, OpenChannel<I, O>> opened) {
    this.members = new LinkedHashMap<>(opened);
    this.inbox = new Inbox<>(members.size());
    members.forEach(
        (worker, channel) ->
            channel.onMessage(
                item -> inbox.add(worker, item), failure -> inbox.ended(worker, failure)));
  }

  /** The names of all members, also of those that have ended. */
  public Collection<String> members() {
    return List.copyOf(members.keySet());
  }

  /** The invocation that runs on a member. */
  public String invocation(String worker) {
    return member(worker).invocation();
  }

  /**
   * Sends an item to each member, one after the other, waiting for those that have not read enough.
   * Members that have ended are left out.
   *
   * @throws ChannelClosed if all of them have
   */
  public void send(O item) {
    ChannelClosed closed = null;
    int sent = 0;
    for (OpenChannel<I, O> channel : members.values()) {
      try {
        channel.send(item);
        sent++;
      } catch (ChannelClosed e) {
        closed = e;
      }
    }
    if (sent == 0) {
      throw new ChannelClosed("no member of the group takes anything any more", closed);
    }
  }

  /**
   * Sends an item to one member.
   *
   * @throws ChannelClosed if it has ended
   * @throws IllegalArgumentException if there is no member of this name
   */
  public void send(String worker, O item) {
    member(worker).send(item);
  }

  /** Sends no more to any of them; items still come in. */
  public void end() {
    members.values().forEach(OpenChannel::end);
  }

  /**
   * Waits for the next item of any member.
   *
   * @return the item and who sent it; null when all members have ended
   * @throws MemberFailed once for each member that failed; the next call goes on
   */
  public @Nullable Item<I> receive() {
    return inbox.take(null);
  }

  /**
   * The same, for so long at the most.
   *
   * @throws ChannelException.TimedOut if none came in time; nothing is lost by it
   */
  public @Nullable Item<I> receive(Duration longest) {
    return inbox.take(longest);
  }

  /** The items to come, as of {@link #receive()}. */
  @Override
  public Iterator<Item<I>> iterator() {
    return new Iterator<>() {
      private @Nullable Item<I> ahead;

      @Override
      public boolean hasNext() {
        if (ahead == null) {
          ahead = receive();
        }
        return ahead != null;
      }

      @Override
      public Item<I> next() {
        if (!hasNext() || ahead == null) {
          throw new NoSuchElementException("all members have ended");
        }
        Item<I> item = ahead;
        ahead = null;
        return item;
      }
    };
  }

  /** Ends all members as of {@link #close(Duration)}, within 10 seconds. */
  @Override
  public void close() {
    close(OpenChannel.CLOSING);
  }

  /**
   * Closes the channels, so that functions that receive hear the end, waits for all functions to
   * end, and cancels those that have not when the time is over: each is interrupted, and its
   * process killed if that has not ended it a second later. What they sent and was not received is
   * thrown away. Closing again tells the same.
   *
   * @param bound of the wait for all of them together
   * @return how each of them ended
   */
  public synchronized List<MemberEnd> close(Duration bound) {
    List<MemberEnd> known = ends;
    if (known == null) {
      known = List.copyOf(closed(bound));
      ends = known;
    }
    return known;
  }

  private List<MemberEnd> closed(Duration bound) {
    long until = System.nanoTime() + bound.toNanos();
    inbox.close();
    members.values().forEach(OpenChannel::leave);
    var told = new ArrayList<MemberEnd>();
    members.forEach((worker, channel) -> told.add(end(worker, channel, until)));
    return told;
  }

  private static MemberEnd end(String worker, OpenChannel<?, ?> channel, long until) {
    String invocation = channel.invocation();
    try {
      long left = Math.max(0, until - System.nanoTime());
      if (channel.awaitEnd(Duration.ofNanos(left))) {
        return new MemberEnd(worker, invocation, MemberEnd.How.ENDED, null);
      }
      channel.cancel();
      return new MemberEnd(worker, invocation, MemberEnd.How.KILLED, null);
    } catch (Interrupted e) {
      channel.cancel();
      throw e;
    } catch (FanfareException e) {
      return new MemberEnd(worker, invocation, MemberEnd.How.FAILED, new MemberFailed(worker, e));
    }
  }

  private OpenChannel<I, O> member(String worker) {
    OpenChannel<I, O> channel = members.get(worker);
    if (channel == null) {
      throw new IllegalArgumentException(
          "'" + worker + "' is no member of the group; they are " + members.keySet());
    }
    return channel;
  }
}
