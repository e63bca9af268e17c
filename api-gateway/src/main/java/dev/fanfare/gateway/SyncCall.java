package dev.fanfare.gateway;

import dev.fanfare.dispatch.Waiter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * One caller that waits for its invocation. When the caller goes away the invocation is cancelled;
 * when no connected worker could run it for a while, it is cancelled and the caller is told why.
 */
final class SyncCall extends WaitingCall implements RequestBody.Taker, Waiter {
  private final HttpServerResponse response;
  private final HttpServerRequest request;
  private boolean over;

  SyncCall(
      FunctionCalls calls,
      HttpServerRequest request,
      InvocationId id,
      Target target,
      CallOptions options) {
    super(calls, id, target, options);
    this.request = request;
    this.response = request.response();
  }

  @Override
  public void taken(Payload payload) {
    if (response.closed()) {
      return;
    }
    Submission submission = calls.submission(id, target, options, false, payload);
    response.closeHandler(gone -> callerGone());
    calls.waiting().add(this);
    calls.dispatcher().submit(submission, this);
  }

  @Override
  public void refused(Problem problem) {
    answer(problem);
  }

  @Override
  public void admitted(Admission admission) {
    if (admission == Admission.FULL) {
      calls.platform().onContext(() -> answer(AsyncCall.full()));
    }
  }

  @Override
  public void uncertain(String why) {
    calls.platform().onContext(() -> answer(calls.about(Problem.uncertain(why), id, options)));
  }

  @Override
  public void ended(InvocationRecord invocation) {
    calls.platform().onContext(() -> finish(invocation));
  }

  @Override
  void shutDown() {
    calls.dispatcher().cancel(target.tenant(), id, "the gateway stops");
    Problem problem =
        Problem.of(503, "shutting-down", "Shutting down", "the gateway stops; try another or again")
            .header(HttpHeaders.RETRY_AFTER, "1");
    answer(calls.about(problem, id, options));
  }

  @Override
  void giveUp(String why) {
    if (over) {
      return;
    }
    Problem problem =
        Problem.of(503, "no-capacity", "No capacity", why)
            .with("function", target.function().value())
            .header(HttpHeaders.RETRY_AFTER, "3");
    answer(calls.about(problem, id, options));
    calls.dispatcher().cancel(target.tenant(), id, "no capacity: " + why);
  }

  private void callerGone() {
    if (over) {
      return;
    }
    over = true;
    calls.waiting().remove(this);
    calls.dispatcher().leave(id);
    calls.dispatcher().cancel(target.tenant(), id, "the caller went away");
  }

  private void finish(InvocationRecord invocation) {
    if (over) {
      return;
    }
    over = true;
    calls.waiting().remove(this);
    calls.platform().answers().answer(request, invocation);
  }

  private void answer(Problem problem) {
    if (over) {
      return;
    }
    over = true;
    calls.waiting().remove(this);
    Lingering.answer(request, problem);
  }
}
