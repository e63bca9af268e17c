package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.blob.Blobs;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.WorkerId;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers a request with an invocation that ended: its result, or the problem it ended with. */
final class InvocationAnswer {
  private static final String OPAQUE = "application/octet-stream";

  private final Blobs blobs;
  private final Context context;
  private final Executor disk;
  private final Function<InvocationId, Optional<String>> states;

  InvocationAnswer(
      Blobs blobs,
      Context context,
      Executor disk,
      Function<InvocationId, Optional<String>> states) {
    this.states = states;
    this.blobs = blobs;
    this.context = context;
    this.disk = disk;
  }

  void answer(HttpServerRequest request, InvocationRecord invocation) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    headers(response, invocation);
    states.apply(invocation.id()).ifPresent(state -> response.headers().add(Names.STATE, state));
    switch (invocation.outcome().orElseThrow()) {
      case Outcome.Success success -> result(request, success.result());
      case Outcome.Failure failure -> failed(invocation, failure.fault()).answer(response);
      case Outcome.Cancelled cancelled -> cancelled(invocation, cancelled).answer(response);
    }
  }

  /** The figures that every answer about an invocation carries. */
  static void headers(HttpServerResponse response, InvocationRecord invocation) {
    MultiMap headers = response.headers();
    String id = invocation.id().toString();
    headers.add(Names.INVOCATION_ID, id);
    headers.add(Names.CALL_ID, invocation.callId().isEmpty() ? id : invocation.callId());
    headers.add(Names.REVISION, invocation.revision().toString());
    headers.add(Names.ATTEMPT, Integer.toString(invocation.attempts()));
    headers.add(Names.QUEUE, JsonText.seconds(invocation.queueMicros()));
    headers.add(Names.DURATION, JsonText.seconds(durationMicros(invocation)));
    WorkerId worker = invocation.worker().orElse(null);
    if (worker != null) {
      headers.add(Names.WORKER, worker.value());
    }
  }

  /** From the latest attempt's start to the end; 0 for what never started. */
  static long durationMicros(InvocationRecord invocation) {
    return invocation.startedAt() == 0 || invocation.endedAt() == 0
        ? 0
        : invocation.endedAt() - invocation.startedAt();
  }

  private void result(HttpServerRequest request, Payload result) {
    HttpServerResponse response = request.response();
    response.headers().set(HttpHeaders.CONTENT_TYPE, safe(result.contentType()));
    switch (result) {
      case Payload.Inline inline -> response.end(Buffer.buffer(inline.bytes()));
      case Payload.Blob blob ->
          new BlobAnswer(request, blobs, blob, context)
              .send(disk, () -> gone(blob).answer(response));
    }
  }

  /** What an invocation that ended is answered with; null when it returned. */
  static @Nullable Problem problem(InvocationRecord invocation) {
    return switch (invocation.outcome().orElseThrow()) {
      case Outcome.Success success -> null;
      case Outcome.Failure failure -> failed(invocation, failure.fault());
      case Outcome.Cancelled cancelled -> cancelled(invocation, cancelled);
    };
  }

  private static Problem failed(InvocationRecord invocation, Fault fault) {
    ObjectNode error = InvocationJson.error(fault);
    Problem problem =
        Problem.of(
                FailureStatus.of(fault),
                fault.code().code(),
                FailureStatus.title(fault),
                fault.message())
            .about(invocation.id())
            .with("function", invocation.function().value())
            .with("error", error)
            .header(Names.FUNCTION_ERROR, fault.code().code());
    ArgumentFault.field(fault).ifPresent(field -> problem.with("field", field));
    if (FailureStatus.of(fault) == 503) {
      problem.header(HttpHeaders.RETRY_AFTER, "1");
    }
    return problem;
  }

  private static Problem cancelled(InvocationRecord invocation, Outcome.Cancelled outcome) {
    return Problem.of(
            409, "cancelled", "Cancelled", "the invocation was cancelled: " + outcome.reason())
        .about(invocation.id())
        .with("function", invocation.function().value())
        .header(Names.FUNCTION_ERROR, "cancelled");
  }

  private static Problem gone(Payload.Blob blob) {
    return Problem.of(
        410,
        "result-gone",
        "Result gone",
        "the result " + blob.hash().brief() + "… is no longer kept");
  }

  /** Workers and functions choose the media type: nothing but a plain header value gets out. */
  private static String safe(String contentType) {
    int length = contentType.length();
    if (length == 0 || length > 255) {
      return OPAQUE;
    }
    for (int i = 0; i < length; i++) {
      char c = contentType.charAt(i);
      if (c < 0x20 || c >= 0x7f) {
        return OPAQUE;
      }
    }
    return contentType;
  }
}
