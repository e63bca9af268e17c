package dev.fanfare.client;

import java.net.http.HttpRequest;
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

  @Override
  public String toString() {
    return "function " + name;
  }

  private HttpRequest request(String door, @Nullable Object argument) {
    String delay = options.delay() == null ? "" : "?delay=" + options.delay();
    HttpRequest.Builder request = connection.request(door + name + delay);
    if (options.priority() != 0) {
      request.header("X-Priority", Integer.toString(options.priority()));
    }
    if (options.timeout() != null) {
      request.header("X-Timeout", options.timeout().toString());
    }
    if (options.deadline() != null) {
      request.header("X-Deadline", options.deadline().toString());
    }
    if (options.callId() != null) {
      request.header("X-Call-Id", options.callId());
    }
    options.constraints().forEach(constraint -> request.header("X-Constraint", constraint));
    return bodies.post(request, argument).build();
  }
}
