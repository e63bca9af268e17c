package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.protocol.InvocationId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer that says what went wrong (RFC 9457): for programs a stable code, for people what,
 * which, the limit, and what to do.
 */
final class Problem {
  private static final String TYPES = "https://fanfare.dev/problems/";

  private final int status;
  private final String code;
  private final ObjectNode body = JsonText.object();
  private final Map<CharSequence, String> headers = new LinkedHashMap<>();

  private Problem(int status, String code, String title, String detail) {
    this.status = status;
    this.code = code;
    body.put("type", TYPES + code).put("title", title).put("status", status);
    body.put("detail", detail).put("code", code);
  }

  static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail);
  }

  static Problem badRequest(String detail) {
    return of(400, "bad-request", "Bad request", detail);
  }

  static Problem tooLarge(String what, long limit) {
    return of(
        413,
        "too-large",
        "Too large",
        what
            + " is larger than the limit of "
            + limit
            + " bytes ("
            + ByteSizes.format(limit)
            + ")");
  }

  /** Another tenant's invocation answers like this too. */
  static Problem noInvocation(String id) {
    return of(
        404, "no-such-invocation", "No such invocation", "there is no invocation '" + id + "'");
  }

  static Problem uncertain(String why) {
    return of(
            503,
            "uncertain",
            "Outcome not known",
            why + "; it may have been accepted: look before trying again")
        .header(HttpHeaders.RETRY_AFTER, "1");
  }

  /** Nothing is promised; what was to be written may be there all the same. */
  static Problem noLedger(LedgerException failure) {
    if (failure.isShared()) {
      return of(409, failure.code(), "Not this node's", String.valueOf(failure.getMessage()));
    }
    if (failure.isDamaged()) {
      return of(500, failure.code(), "Damaged on the disk", String.valueOf(failure.getMessage()));
    }
    return of(
            503,
            failure.code(),
            "Ledger not available",
            failure.getMessage() + "; try again, under the same Idempotency-Key if there was one")
        .header(HttpHeaders.RETRY_AFTER, "1");
  }

  static Problem broken() {
    return of(500, "internal", "Internal error", "the gateway failed; its log says more");
  }

  /** The same, about an invocation. */
  Problem about(InvocationId id) {
    body.put("invocation", id.toString());
    return this;
  }

  /** Adds a member to the body. */
  Problem with(String name, Object value) {
    body.set(name, JsonText.node(value));
    return this;
  }

  /** Adds a header to the answer. */
  Problem header(CharSequence name, String value) {
    headers.put(name, value);
    return this;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  /** What is wrong, in words. */
  String detail() {
    return body.path("detail").asText();
  }

  /** The whole of it, in JSON. */
  String text() {
    return body.toString();
  }

  /** Answers with it, unless an answer is under way already. */
  void answer(HttpServerResponse response) {
    if (response.headWritten() || response.closed()) {
      return;
    }
    response.setStatusCode(status);
    headers.forEach(response::putHeader);
    response.putHeader(HttpHeaders.CONTENT_TYPE, Names.PROBLEM_JSON);
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.end(Buffer.buffer(JsonText.bytes(body)));
  }
}
