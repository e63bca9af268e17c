package dev.fanfare.gateway;

import dev.fanfare.dispatch.Waiter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Reply.Admission;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One caller that does not wait, or not for long: answered with 202 once the invocation is
 * accepted, or with its outcome when that comes within the time the caller would wait. The work
 * goes on in any case.
 */
final class AsyncCall implements RequestBody.Taker, Waiter {
  private final FunctionCalls calls;
  private final HttpServerRequest request;
  private final InvocationId id;
  private final Target target;
  private final CallOptions options;
  private final Preferences preferences;

  AsyncCall(
      FunctionCalls calls,
      HttpServerRequest request,
      InvocationId id,
      Target target,
      CallOptions options,
      Preferences preferences) {
    this.calls = calls;
    this.request = request;
    this.id = id;
    this.target = target;
    this.options = options;
    this.preferences = preferences;
  }

  static Problem full() {
    return Problem.of(
            429,
            "queue-full",
            "Queue full",
            "the limit on waiting invocations is reached; try again in a second")
        .with("limit", "waiting")
        .header(HttpHeaders.RETRY_AFTER, "1");
  }

  @Override
  public void taken(Payload payload) {
    calls.dispatcher().submit(calls.submission(id, target, options, true, payload), this);
  }

  @Override
  public void refused(Problem problem) {
    Lingering.answer(request, problem);
  }

  @Override
  public void admitted(Admission admission) {
    switch (admission) {
      case FULL -> calls.platform().onContext(() -> refused(full()));
      case ACCEPTED, DUPLICATE ->
          calls
              .platform()
              .onContext(() -> preferences.atMost().ifPresentOrElse(this::await, this::accepted));
    }
  }

  /** The caller repeats a call that was accepted before. */
  void replayed() {
    request.response().putHeader(Names.REPLAYED, "true");
    admitted(Admission.DUPLICATE);
  }

  @Override
  public void uncertain(String why) {
    calls.platform().onContext(() -> refused(calls.about(Problem.uncertain(why), id, options)));
  }

  @Override
  public void ended(InvocationRecord invocation) {
    throw new IllegalStateException("nobody waits for " + invocation.id());
  }

  private void await(Duration longest) {
    calls
        .dispatcher()
        .await(target.tenant(), id, longest)
        .onComplete(
            found -> {
              InvocationRecord invocation = found.succeeded() ? found.result().orElse(null) : null;
              calls.platform().onContext(() -> waited(invocation));
            });
  }

  private void waited(@Nullable InvocationRecord invocation) {
    if (invocation != null && invocation.state().terminal()) {
      request.response().putHeader(Names.PREFERENCE_APPLIED, preferences.applied());
      calls.platform().answers().answer(request, invocation);
    } else {
      accepted(invocation == null ? InvocationState.QUEUED : invocation.state());
    }
  }

  private void accepted() {
    accepted(options.notBefore() == 0 ? InvocationState.QUEUED : InvocationState.SCHEDULED);
  }

  private void accepted(InvocationState state) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    response.setStatusCode(202);
    response.putHeader(HttpHeaders.LOCATION, "/invocations/" + id);
    response.putHeader(Names.INVOCATION_ID, id.toString());
    response.putHeader(
        Names.CALL_ID, options.callId().isEmpty() ? id.toString() : options.callId());
    response.putHeader(Names.REVISION, target.revision().toString());
    if (preferences.asked()) {
      response.putHeader(Names.PREFERENCE_APPLIED, preferences.applied());
    }
    response.putHeader(HttpHeaders.CONTENT_TYPE, Names.JSON);
    response.end(Buffer.buffer(JsonText.bytes(InvocationJson.accepted(id, state))));
  }
}
