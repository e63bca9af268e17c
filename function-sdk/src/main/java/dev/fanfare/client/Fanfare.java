package dev.fanfare.client;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fanfare.shipping.Shared;
import dev.fanfare.shipping.Shippable;
import dev.fanfare.sync.SyncListener;
import dev.fanfare.sync.SyncOptions;
import dev.fanfare.sync.SyncReport;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A platform to call functions on. Calls block the thread that makes them and nothing else.
 * Thread-safe; one is enough for a program.
 *
 * <pre>{@code
 * try (var fanfare = Fanfare.connect()) {
 *   Resized small = fanfare.function("resize", Resized.class).call(new Resize(image, 200));
 * }
 * }</pre>
 */
public final class Fanfare implements AutoCloseable {
  private final Connection connection;
  private final ShippedBursts shipped;
  private final RemoteSources sources;
  private final Channels channels;
  private final JsonMapper json = ClientJson.mapper();

  private Fanfare(Endpoint endpoint) {
    this.connection = new Connection(endpoint);
    this.shipped = new ShippedBursts(connection);
    this.sources = new RemoteSources(connection, shipped);
    this.channels = new Channels(connection, json);
  }

  /**
   * Finds the platform that the environment names ({@code FANFARE_URL}, of several gateways with
   * commas between, and {@code FANFARE_KEY}), else the command line's current context. Nothing is
   * sent yet.
   *
   * @throws IllegalStateException if neither names one, or others may use the file that holds the
   *     key
   */
  public static Fanfare connect() {
    return new Fanfare(Endpoint.find(System.getenv(), Path.of(System.getProperty("user.home"))));
  }

  /**
   * The platform at this URL, for example {@code http://127.0.0.1:8080}. Nothing is sent yet.
   *
   * @throws IllegalArgumentException if it is no URL of a platform
   */
  public static Fanfare connect(URI url, String key) {
    return new Fanfare(new Endpoint(url, key));
  }

  /**
   * The platform with these gateways: when one cannot be reached, the next one is asked, and bursts
   * go on there.
   *
   * @throws IllegalArgumentException if they are no URLs of a platform, or there is none
   */
  public static Fanfare connect(List<URI> gateways, String key) {
    return new Fanfare(new Endpoint(gateways, key));
  }

  /**
   * A function by {@code name}, {@code name:alias} or {@code name@revision}.
   *
   * @param result what the results are read as: {@code byte[]} and {@code String} take them as they
   *     are, {@code Void} ignores them, everything else is read from JSON
   * @throws IllegalArgumentException if it cannot be a function's name
   */
  public <R> RemoteFunction<R> function(String name, Class<R> result) {
    return function(name, json.constructType(result));
  }

  /** The same for generic results: {@code new TypeReference<List<Row>>() {}}. */
  public <R> RemoteFunction<R> function(String name, TypeReference<R> result) {
    return function(name, json.constructType(result));
  }

  /**
   * An invocation that somebody submitted, by its id.
   *
   * @throws IllegalArgumentException if it cannot be an invocation's id
   */
  public <R> Submitted<R> invocation(String id, Class<R> result) {
    return invocation(id, json.constructType(result));
  }

  /** The same for generic results. */
  public <R> Submitted<R> invocation(String id, TypeReference<R> result) {
    return invocation(id, json.constructType(result));
  }

  // ---- channels ----

  /**
   * Opens a channel with a function that takes one, without an argument.
   *
   * <pre>{@code
   * try (var chat = fanfare.open("chat", String.class, String.class)) {
   *   chat.send("hello");
   *   System.out.println(chat.receive());
   * }
   * }</pre>
   *
   * @param in what comes in here
   * @param out what goes out from here
   * @throws Refused if the platform does not take it
   * @throws Unreachable if it does not answer
   */
  public <I, O> OpenChannel<I, O> open(String function, Class<I> in, Class<O> out) {
    return open(function, in, out, null, CallOptions.NONE);
  }

  /** The same with an argument for the parameters besides the channel, as JSON. */
  public <I, O> OpenChannel<I, O> open(
      String function, Class<I> in, Class<O> out, @Nullable Object argument) {
    return open(function, in, out, argument, CallOptions.NONE);
  }

  /** The same with options. */
  public <I, O> OpenChannel<I, O> open(
      String function, Class<I> in, Class<O> out, @Nullable Object argument, CallOptions options) {
    return channels.open(function, in, out, argument, options);
  }

  // ---- bursts ----

  /**
   * Runs a lambda for every item on the platform's workers. The lambda travels with the classes it
   * needs and what it captured; nothing is deployed by hand. Items and results are serialisable.
   *
   * <pre>{@code
   * int longest = fanfare.map(range(0, 100_000), n -> collatz(n)).reduce(0, Math::max);
   * }</pre>
   *
   * @param items taken lazily, by a thread of the burst's own, as there is room for them
   * @throws IllegalArgumentException if the lambda captures something that is not serialisable
   * @throws Refused if the platform does not take the burst
   * @throws Unreachable if it does not answer
   */
  public <T, R> Burst<R> map(
      Iterable<? extends T> items, Shippable<? super T, ? extends R> function) {
    return shipped.map(ItemSource.of(items), function, BurstOptions.DEFAULT);
  }

  /** The same with options. */
  public <T, R> Burst<R> map(
      Iterable<? extends T> items,
      Shippable<? super T, ? extends R> function,
      BurstOptions options) {
    return shipped.map(ItemSource.of(items), function, options);
  }

  /** The same for a stream. */
  public <T, R> Burst<R> map(
      Stream<? extends T> items, Shippable<? super T, ? extends R> function) {
    return shipped.map(ItemSource.of(items), function, BurstOptions.DEFAULT);
  }

  /** The same for a stream, with options. */
  public <T, R> Burst<R> map(
      Stream<? extends T> items, Shippable<? super T, ? extends R> function, BurstOptions options) {
    return shipped.map(ItemSource.of(items), function, options);
  }

  /** The same for numbers: {@code map(IntStream.range(0, 1_000), n -> n * n)}. */
  public <R> Burst<R> map(IntStream items, Shippable<Integer, ? extends R> function) {
    return shipped.map(ItemSource.of(items), function, BurstOptions.DEFAULT);
  }

  /** The same for numbers, with options. */
  public <R> Burst<R> map(
      IntStream items, Shippable<Integer, ? extends R> function, BurstOptions options) {
    return shipped.map(ItemSource.of(items), function, options);
  }

  /** Runs a lambda of two arguments for every pair of them. */
  public <A, B, R> Burst<R> starmap(
      Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs,
      Shippable.OfTwo<? super A, ? super B, ? extends R> function) {
    return starmap(pairs, function, BurstOptions.DEFAULT);
  }

  /** The same with options. */
  public <A, B, R> Burst<R> starmap(
      Iterable<? extends Map.Entry<? extends A, ? extends B>> pairs,
      Shippable.OfTwo<? super A, ? super B, ? extends R> function,
      BurstOptions options) {
    return shipped.starmap(ItemSource.of(pairs), function, options);
  }

  /** Runs a lambda for every item, waits for all of them, and tells how many ended how. */
  public <T> Tally forEach(Iterable<? extends T> items, Shippable.Action<? super T> action) {
    return shipped.forEach(ItemSource.of(items), action, BurstOptions.DEFAULT);
  }

  /** The same for a stream. */
  public <T> Tally forEach(Stream<? extends T> items, Shippable.Action<? super T> action) {
    return shipped.forEach(ItemSource.of(items), action, BurstOptions.DEFAULT);
  }

  /**
   * Makes a value known to the platform that many items use: it is sent once, however many bursts
   * use it and from wherever, kept on workers, and read once in each runtime.
   *
   * <pre>{@code
   * Shared<Model> model = fanfare.share(loaded);
   * fanfare.map(images, image -> model.get().classify(image));
   * }</pre>
   *
   * @param value serialisable, with its bytes at most as large as a jar that can be deployed; kept
   *     for eight days, or as long as code that uses it
   * @throws IllegalArgumentException if it is not serialisable
   * @throws Refused if the platform does not take it
   * @throws Unreachable if it does not answer
   */
  public <T> Shared<T> share(T value) {
    return shipped.share(value);
  }

  /**
   * Submits a lambda's items and returns once the platform has written down all of them. They go on
   * whatever becomes of this program and of the gateway; their results are kept for 24 hours, and
   * read as of {@link #attach(String, Shippable)}, at any gateway.
   */
  public <T, R> Burst<R> submitAll(
      Iterable<? extends T> items, Shippable<? super T, ? extends R> function) {
    return shipped.submitAll(ItemSource.of(items), function, BurstOptions.DEFAULT);
  }

  /**
   * A burst that somebody began, by its id: the results that the platform keeps of it, and those to
   * come. Closing it leaves the burst as it is.
   *
   * @param result what results are read as, see {@link #function(String, Class)}
   * @throws Refused if the platform does not know it (any more)
   */
  public <R> Burst<R> attach(String id, Class<R> result) {
    return attach(id, json.constructType(result));
  }

  /** The same for generic results. */
  public <R> Burst<R> attach(String id, TypeReference<R> result) {
    return attach(id, json.constructType(result));
  }

  /** The same for a lambda's burst: the lambda tells how its results are read. */
  public <R> Burst<R> attach(String id, Shippable<?, ? extends R> function) {
    return shipped.attach(id, function);
  }

  // ---- remote execution ----

  /**
   * Runs Java source on a worker, which compiles it, and waits until its {@code main} has ended. An
   * interrupt of the calling thread cancels it.
   *
   * <pre>{@code
   * String out = fanfare.remoteExec("void main(String[] a) { IO.println(a[0]); }", "hello").out();
   * }</pre>
   *
   * @param source the text of one source file, at most 1 MiB
   * @param arguments what its main method is given
   * @throws FunctionFailed if it cannot be compiled, threw, ended with a code other than 0, or was
   *     lost
   * @throws Refused if the platform does not take it
   * @throws Unreachable if the platform does not answer
   */
  public Ran remoteExec(String source, String... arguments) {
    return remoteExec(CallOptions.NONE, source, arguments);
  }

  /** The same with options: a worker, a timeout. */
  public Ran remoteExec(CallOptions options, String source, String... arguments) {
    return sources.run(RemoteSources.fileOf(source), source, List.of(arguments), options);
  }

  /**
   * Runs Java source on a worker whose {@code main} takes a {@code Channel}, and opens it. The
   * channel's other end is that of {@code main}; both end together.
   *
   * <pre>{@code
   * try (var talk = fanfare.remoteOpen(source, Integer.class, String.class, "argument")) {
   *   talk.send("hello");
   *   int length = talk.receive();
   * }
   * }</pre>
   *
   * @param source the text of one source file, at most 1 MiB
   * @param in what comes in here
   * @param out what goes out from here
   * @param arguments what its main method is given beside the channel
   * @throws Refused if the platform does not take it, or its main takes no channel
   * @throws Unreachable if the platform does not answer
   */
  public <I, O> OpenChannel<I, O> remoteOpen(
      String source, Class<I> in, Class<O> out, String... arguments) {
    return remoteOpen(CallOptions.NONE, source, in, out, arguments);
  }

  /** The same with options: a worker, a timeout. */
  public <I, O> OpenChannel<I, O> remoteOpen(
      CallOptions options, String source, Class<I> in, Class<O> out, String... arguments) {
    String function = sources.deployed(RemoteSources.fileOf(source), source);
    return open(function, in, out, List.of(arguments), options);
  }

  /**
   * Calls a static method of this program on a worker. Its class travels with what the method
   * needs, as a lambda does; arguments and result are serialisable.
   *
   * @return what the method returned
   * @throws IllegalArgumentException if the class has no such method, or more than one that fits
   * @throws FunctionFailed if it threw or was lost
   */
  public @Nullable Object remoteExec(Class<?> type, String method, @Nullable Object... arguments) {
    return sources.call(type, method, Arrays.asList(arguments));
  }

  /** The worker of this name, to run commands on. */
  public RemoteWorker worker(String name) {
    return workerWith("worker=" + name);
  }

  /** Any worker that meets these constraints, for example {@code gpu=a100}. */
  public RemoteWorker workerWith(String... constraints) {
    return workerWith(CallOptions.NONE.withConstraints(constraints));
  }

  /** Any worker, under these limits and constraints. */
  RemoteWorker workerWith(CallOptions options) {
    return new RemoteWorker(channels, options);
  }

  // ---- many workers ----

  /**
   * The workers that are meant and connected now, to be talked with as one.
   *
   * @throws Refused if one that is named is not connected, or no worker matches
   * @throws Unreachable if the platform does not answer
   */
  public Group group(WorkerChoice choice) {
    return new Group(this, new Roster(connection, choice).members());
  }

  /** To run something once on every worker that is meant, and list what came of it on each. */
  public Broadcast broadcast(WorkerChoice choice) {
    return new Broadcast(this, connection, sources, choice, Duration.ZERO, CallOptions.NONE);
  }

  /**
   * Makes folders on workers like a folder here, on all of them at once. Files that are there
   * already, as size and time tell, are not sent. The workers must have been started with {@code
   * --allow-sync}, and the key must have the scope {@code exec} or {@code admin}.
   *
   * <pre>{@code
   * fanfare.sync(Path.of("models"), SyncOptions.NONE.withDelete(), "gpu-1:models", "gpu-2:models");
   * }</pre>
   *
   * @param targets each {@code WORKER:PATH}, where the path counts from the folder that the worker
   *     allows, or is absolute and in it
   * @return how each ended, in the order of the targets: what failed is in there, not thrown
   * @throws IOException if the folder here cannot be read
   * @throws IllegalArgumentException if a target or a pattern cannot be read
   */
  public List<SyncReport> sync(Path folder, SyncOptions options, String... targets)
      throws IOException {
    return sync(folder, options, SyncListener.NOBODY, targets);
  }

  /** The same with somebody who hears how it goes on. */
  public List<SyncReport> sync(
      Path folder, SyncOptions options, SyncListener listener, String... targets)
      throws IOException {
    return new FolderSync(channels, options, listener).run(folder, List.of(targets));
  }

  /** Ends the calls that are under way; each of them throws {@link Interrupted}. */
  @Override
  public void close() {
    connection.close();
  }

  private <R> RemoteFunction<R> function(String name, JavaType result) {
    Names.checkFunction(name);
    return new RemoteFunction<>(connection, new Bodies<>(json, result), name, CallOptions.NONE);
  }

  private <R> Submitted<R> invocation(String id, JavaType result) {
    Names.checkInvocation(id);
    return new Submitted<>(connection, new Bodies<>(json, result), id);
  }

  private <R> Burst<R> attach(String id, JavaType result) {
    return AttachedFeed.attach(connection, id, new Bodies<R>(json, result)::result);
  }
}
