package dev.fanfare.client;

import java.net.http.HttpRequest;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;

/** A function of a platform. Immutable and thread-safe. */
public final class RemoteFunction<R> {
  private final Connection connection;
  private final Bodies<R> bodies;
  private final String name;
  private final CallOptions options;

  RemoteFunction(Connection connection, Bodies<R> bodies, String name, CallOptions options) {
    this.connection = connection;
    this.bodies = bodies;
    this.name = name;
    this.options = options;
  }

  /** The same function, called with these options. */
  public RemoteFunction<R> with(CallOptions other) {
    return new RemoteFunction<>(connection, bodies, name, other);
  }

  String name() {
    return name;
  }

  /** Runs it without an argument; otherwise as {@link #call(Object)}. */
  public R call() {
    return call(null);
  }

  /**
   * Runs it and waits for the result. An interrupt of the calling thread cancels the invocation.
   *
   * @param argument the whole body: {@code byte[]}, {@code InputStream} and {@code Path} are sent
   *     as they are, everything else as JSON; a function of several parameters takes a map or
   *     record with their names
   * @return the result, null where the function returned nothing
   * @throws FunctionFailed if it threw, refused the argument, ran too long or was lost
   * @throws Refused if the platform did not take the call
   * @throws Unreachable if the platform did not answer
   */
  public R call(@Nullable Object argument) {
    return bodies.result(Answers.result(connection.send(request("/function/", argument))));
  }

  /** Submits it without an argument; otherwise as {@link #submit(Object)}. */
  public Submitted<R> submit() {
    return submit(null);
  }

  /**
   * Submits it and returns as soon as the platform has accepted it. While the platform is too busy
   * to accept it, it is asked again, for at most 30 seconds.
   *
   * @param argument as of {@link #call(Object)}
   * @throws Refused if the platform did not accept it
   * @throws Unreachable if the platform did not answer; it may have been accepted
   */
  public Submitted<R> submit(@Nullable Object argument) {
    var patience = new Patience(Bodies.repeatable(argument));
    while (true) {
      var answer = connection.send(request("/async-function/", argument));
      if (!patience.asksAgain(answer)) {
        return new Submitted<>(connection, bodies, Answers.invocationId(answer));
      }
    }
  }

  /**
   * Runs it for every item; otherwise as {@link #map(Iterable, BurstOptions)}, with the options of
   * this function.
   */
  public Burst<R> map(Iterable<?> items) {
    return map(items, BurstOptions.DEFAULT.withCall(options));
  }

  /** The same for a stream, which is read as there is room. */
  public Burst<R> map(BaseStream<?, ?> items) {
    return map(ItemSource.of(items), BurstOptions.DEFAULT.withCall(options));
  }

  /**
   * Runs it for every item, at most so many at a time on their way. Items are taken from their
   * source by a thread of the burst's own while results are taken here.
   *
   * @param items arguments as of {@link #call(Object)}, but all of them JSON
   * @throws Refused if the platform does not take the burst
   * @throws Unreachable if it does not answer
   */
  public Burst<R> map(Iterable<?> items, BurstOptions burst) {
    return map(ItemSource.of(items), burst);
  }

  /** The same for a stream. */
  public Burst<R> map(BaseStream<?, ?> items, BurstOptions burst) {
    return map(ItemSource.of(items), burst);
  }

  private Burst<R> map(ItemSource<?> items, BurstOptions burst) {
    return Bursting.begin(
        connection, name, items.writing(bodies::json, Bodies.JSON, null), burst, bodies::result);
  }

  @Override
  public String toString() {
    return "function " + name;
  }

  private HttpRequest request(String door, @Nullable Object argument) {
    String delay = options.delay() == null ? "" : "?delay=" + options.delay();
    HttpRequest.Builder request = connection.request(door + name + delay);
    options.headers(request::header);
    return bodies.post(request, argument).build();
  }
}
