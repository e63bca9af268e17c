package dev.fanfare.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Workers that were connected when the group was made, to be talked with as one. Who its members
 * are never changes. Immutable and thread-safe.
 *
 * <pre>{@code
 * Group group = fanfare.group(WorkerChoice.with("gpu=a100"));
 * try (var talk = group.open("train", Loss.class, Batch.class)) {
 *   talk.send(batch);
 *   for (var loss : talk) {
 *     System.out.println(loss.worker() + " " + loss.item());
 *   }
 * }
 * }</pre>
 */
public final class Group {
  private final Fanfare fanfare;
  private final List<String> members;

  Group(Fanfare fanfare, List<String> members) {
    this.fanfare = fanfare;
    this.members = List.copyOf(members);
  }

  /** The members' names. */
  public List<String> members() {
    return members;
  }

  /** Opens a channel with a function on each member, without an argument. */
  public <I, O> GroupChannel<I, O> open(String function, Class<I> in, Class<O> out) {
    return open(function, in, out, null, CallOptions.NONE);
  }

  /** The same with an argument, which each of them is given. */
  public <I, O> GroupChannel<I, O> open(
      String function, Class<I> in, Class<O> out, @Nullable Object argument) {
    return open(function, in, out, argument, CallOptions.NONE);
  }

  /**
   * The same with options. Either all are opened, or none is left open.
   *
   * @throws MemberFailed if the platform does not take one of them
   */
  public <I, O> GroupChannel<I, O> open(
      String function, Class<I> in, Class<O> out, @Nullable Object argument, CallOptions options) {
    return new GroupChannel<>(
        onEach(
            worker -> fanfare.open(function, in, out, argument, Broadcast.at(worker, options)),
            OpenChannel::cancel));
  }

  /**
   * Runs Java source whose {@code main} takes a {@code Channel} on each member, and opens it, as of
   * {@link Fanfare#remoteOpen(String, Class, Class, String...)}.
   *
   * @throws MemberFailed if the platform does not take one of them
   */
  public <I, O> GroupChannel<I, O> remoteOpen(
      String source, Class<I> in, Class<O> out, String... arguments) {
    return new GroupChannel<>(
        onEach(
            worker ->
                fanfare.remoteOpen(
                    Broadcast.at(worker, CallOptions.NONE), source, in, out, arguments),
            OpenChannel::cancel));
  }

  /** Runs a command on each member, as of {@link #exec(ExecOptions, String...)}. */
  public Map<String, RemoteCommand> exec(String... words) {
    return exec(ExecOptions.NONE, words);
  }

  /**
   * Runs a command on each member; each is to be read, and closed, as of {@link RemoteWorker#exec}.
   *
   * @return the commands by the members' names
   * @throws MemberFailed if the platform does not take one of them; then none is left
   */
  public Map<String, RemoteCommand> exec(ExecOptions how, String... words) {
    return onEach(worker -> fanfare.worker(worker).exec(how, words), RemoteCommand::close);
  }

  /**
   * To call a function, run a source or a command once on each member, and list what came of it.
   */
  public Broadcast broadcast() {
    return fanfare.broadcast(new WorkerChoice(members, List.of()));
  }

  private <T> Map<String, T> onEach(Function<String, T> opening, Consumer<T> undo) {
    var opened = new LinkedHashMap<String, T>();
    var failures = new ArrayList<MemberFailed>();
    try (var threads = new Threads(members.size())) {
      var pending = new LinkedHashMap<String, Future<T>>();
      members.forEach(worker -> pending.put(worker, threads.submit(() -> opening.apply(worker))));
      pending.forEach(
          (worker, future) -> {
            try {
              opened.put(worker, Threads.get(future));
            } catch (RuntimeException e) {
              failures.add(new MemberFailed(worker, e));
            }
          });
    }
    if (!failures.isEmpty()) {
      opened.values().forEach(undo);
      throw failures.get(0);
    }
    return opened;
  }

  @Override
  public String toString() {
    return "group of " + String.join(", ", members);
  }
}
