package dev.fanfare.gateway;

import io.vertx.core.http.HttpHeaders;

/** The header names of the HTTP contract, prepared for fast look-up. */
final class Names {
  static final CharSequence CALL_ID = HttpHeaders.createOptimized("X-Call-Id");
  static final CharSequence INVOCATION_ID = HttpHeaders.createOptimized("X-Invocation-Id");
  static final CharSequence DURATION = HttpHeaders.createOptimized("X-Duration-Seconds");
  static final CharSequence QUEUE = HttpHeaders.createOptimized("X-Queue-Seconds");
  static final CharSequence ATTEMPT = HttpHeaders.createOptimized("X-Attempt");
  static final CharSequence WORKER = HttpHeaders.createOptimized("X-Worker");
  static final CharSequence REVISION = HttpHeaders.createOptimized("X-Executed-Revision");
  static final CharSequence FUNCTION_ERROR = HttpHeaders.createOptimized("X-Function-Error");

  static final CharSequence BURST_ID = HttpHeaders.createOptimized("X-Burst-Id");
  static final CharSequence RESULTS_DROPPED = HttpHeaders.createOptimized("X-Results-Dropped");

  static final CharSequence PRIORITY = HttpHeaders.createOptimized("X-Priority");
  static final CharSequence CONSTRAINT = HttpHeaders.createOptimized("X-Constraint");
  static final CharSequence STATE = HttpHeaders.createOptimized("X-State");
  static final CharSequence STATE_ELSE = HttpHeaders.createOptimized("X-State-Else");
  static final CharSequence TIMEOUT = HttpHeaders.createOptimized("X-Timeout");
  static final CharSequence DEADLINE = HttpHeaders.createOptimized("X-Deadline");
  static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("Idempotency-Key");
  static final CharSequence REPLAYED = HttpHeaders.createOptimized("Idempotent-Replayed");
  static final CharSequence CALLBACK_URL = HttpHeaders.createOptimized("X-Callback-Url");
  static final CharSequence TRACEPARENT = HttpHeaders.createOptimized("traceparent");
  static final CharSequence PREFER = HttpHeaders.createOptimized("Prefer");
  static final CharSequence PREFERENCE_APPLIED = HttpHeaders.createOptimized("Preference-Applied");

  static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  static final CharSequence NDJSON = HttpHeaders.createOptimized("application/x-ndjson");
  static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("X-Content-Type-Options");

  static final CharSequence AUTHORIZATION = HttpHeaders.AUTHORIZATION;

  private Names() {}
}
