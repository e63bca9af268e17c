package dev.fanfare.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatch.KeyedWaiter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Reply.Admission;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * A call under a key, which its caller may repeat until it has an answer: all that come with the
 * same key and body are one invocation. It is accepted like an asynchronous one, so that it
 * survives a crash, and goes on when its caller goes away; one who calls and waits is answered when
 * it has ended.
 */
final class KeyedCall implements RequestBody.Taker, KeyedWaiter {
  /** Longer than anything runs that is worth waiting for on one connection. */
  private static final Duration LONGEST_WAIT = Duration.ofHours(24);

  private final FunctionCalls calls;
  private final HttpServerRequest request;
  private final InvocationId id;
  private final Target target;
  private final CallOptions options;
  private final Preferences preferences;
  private final boolean async;

  KeyedCall(
      FunctionCalls calls,
      HttpServerRequest request,
      InvocationId id,
      Target target,
      CallOptions options,
      Preferences preferences,
      boolean async) {
    this.calls = calls;
    this.request = request;
    this.id = id;
    this.target = target;
    this.options = options;
    this.preferences = preferences;
    this.async = async;
  }

  @Override
  public void taken(Payload payload) {
    int retries = target.policy().retriesFor(async);
    calls
        .dispatcher()
        .submitOnce(
            calls.submission(id, target, options, true, retries, payload),
            options.key(),
            fingerprint(payload),
            this);
  }

  @Override
  public void refused(Problem problem) {
    Lingering.answer(request, problem);
  }

  @Override
  public void admitted(Admission admission) {
    if (async || admission == Admission.FULL) {
      answerLater(id).admitted(admission);
    } else {
      await(id);
    }
  }

  @Override
  public void uncertain(String why) {
    answerLater(id).uncertain(why);
  }

  @Override
  public void ended(InvocationRecord invocation) {
    throw new IllegalStateException("nobody waits for " + invocation.id());
  }

  @Override
  public void known(InvocationId known) {
    if (async) {
      calls.platform().onContext(() -> answerLater(known).replayed());
      return;
    }
    calls
        .dispatcher()
        .find(target.tenant(), known)
        .onSuccess(found -> calls.platform().onContext(() -> answer(known, found)))
        .onFailure(failure -> uncertain(String.valueOf(failure.getMessage())));
  }

  @Override
  public void otherBody(InvocationId known) {
    calls
        .platform()
        .onContext(
            () ->
                refused(
                    Problem.of(
                            422,
                            "key-reused",
                            "Key reused",
                            "the key was used with another body; use a new one for a new call")
                        .about(known)));
  }

  private void answer(InvocationId known, Optional<InvocationRecord> found) {
    if (found.filter(invocation -> invocation.state().terminal()).isPresent()) {
      request.response().putHeader(Names.REPLAYED, "true");
      calls.platform().answers().answer(request, found.get());
    } else if (found.isPresent()) {
      refused(
          Problem.of(
                  409,
                  "key-in-flight",
                  "Key in flight",
                  "the call with this key has not ended; try again, or look at the invocation")
              .about(known)
              .header(HttpHeaders.RETRY_AFTER, "1"));
    } else {
      refused(
          Problem.of(410, "result-gone", "Result gone", "the call's result is not kept any more")
              .about(known));
    }
  }

  private void await(InvocationId accepted) {
    calls
        .dispatcher()
        .await(target.tenant(), accepted, LONGEST_WAIT)
        .onSuccess(
            found ->
                calls
                    .platform()
                    .onContext(
                        () ->
                            found.ifPresent(
                                end -> calls.platform().answers().answer(request, end))))
        .onFailure(failure -> uncertain(String.valueOf(failure.getMessage())));
  }

  private AsyncCall answerLater(InvocationId about) {
    return new AsyncCall(calls, request, about, target, options, preferences);
  }

  /** The hash of media type and body. */
  private static Sha256 fingerprint(Payload payload) {
    byte[] type = (payload.contentType() + "\n").getBytes(UTF_8);
    byte[] body =
        switch (payload) {
          case Payload.Inline inline -> inline.bytes();
          case Payload.Blob blob -> blob.hash().hex().getBytes(UTF_8);
        };
    byte[] both = new byte[type.length + body.length];
    System.arraycopy(type, 0, both, 0, type.length);
    System.arraycopy(body, 0, both, type.length, body.length);
    return Sha256.of(both);
  }
}
