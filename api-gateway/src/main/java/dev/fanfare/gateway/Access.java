package dev.fanfare.gateway;

import dev.fanfare.key.Keys;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who calls, and whether the key allows it: {@code Authorization: Bearer ff_…}, nothing else. A key
 * that was found good is not looked at again for {@link #TRUST_MILLIS}: checking it costs a seventh
 * of what a small call costs in all. So a revoked key may be good for that much longer. Belongs to
 * one event loop.
 */
final class Access {
  private static final String BEARER = "Bearer ";

  /** How long a good key is taken for good unseen. */
  static final long TRUST_MILLIS = 1_000;

  private static final int TRUSTED_LIMIT = 1_024;

  private final Keys keys;
  private final InstantSource clock;
  private final WrongKeys wrongKeys;
  private final Map<String, Trusted> trusted = new HashMap<>();

  /** Who showed a header with a good key, and until when that need not be checked again. */
  private record Trusted(Optional<Principal> principal, long untilMillis) {}

  Access(Keys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
    this.wrongKeys = new WrongKeys(clock);
  }

  /**
   * The caller, if the key is valid and its scope covers what is needed; else the request is
   * refused.
   */
  Principal require(HttpServerRequest request, Scope needed) {
    Principal principal = principal(request).orElseThrow(() -> new Refused(noKey()));
    check(principal, needed);
    return principal;
  }

  /** Refuses a caller whose scope does not cover what is needed. */
  static void check(Principal principal, Scope needed) {
    if (!principal.scope().allows(needed)) {
      throw new Refused(forbidden(principal.scope(), needed));
    }
  }

  /** The worker that opens a session, by a join token or by its own credential. */
  Principal requireWorker(HttpServerRequest request) {
    Principal principal = principal(request).orElseThrow(() -> new Refused(noKey()));
    if (principal.scope() != Scope.JOIN && principal.scope() != Scope.WORKER) {
      throw new Refused(forbidden(principal.scope(), Scope.JOIN));
    }
    return principal;
  }

  /** The caller, if a key was sent; a key that is not valid is refused. */
  Optional<Principal> principal(HttpServerRequest request) {
    String header = request.headers().get(Names.AUTHORIZATION);
    if (header == null) {
      return Optional.empty();
    }
    Trusted known = trusted.get(header);
    if (known != null && clock.millis() < known.untilMillis()) {
      return known.principal();
    }
    if (known == null) {
      refuseGuesses(request);
    }
    Optional<Principal> principal = check(request, header);
    if (trusted.size() >= TRUSTED_LIMIT) {
      trusted.clear();
    }
    trusted.put(header, new Trusted(principal, clock.millis() + TRUST_MILLIS));
    return principal;
  }

  /** A key that was good lately is not held up by wrong ones from the same address. */
  private void refuseGuesses(HttpServerRequest request) {
    long pause = wrongKeys.pauseMillis(request.remoteAddress());
    if (pause > 0) {
      throw new Refused(tooManyWrongKeys((pause + 999) / 1_000));
    }
  }

  private Optional<Principal> check(HttpServerRequest request, String header) {
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      wrongKeys.tried(request.remoteAddress());
      throw new Refused(badKey("only 'Authorization: Bearer ff_…' is understood"));
    }
    Optional<Principal> principal = keys.authenticate(header.substring(BEARER.length()).strip());
    if (principal.isEmpty()) {
      trusted.remove(header);
      wrongKeys.tried(request.remoteAddress());
      throw new Refused(badKey("the key is not known, expired or revoked"));
    }
    return principal;
  }

  private static Problem noKey() {
    return Problem.of(401, "unauthenticated", "No key", "send a key: 'Authorization: Bearer ff_…'")
        .header("WWW-Authenticate", "Bearer realm=\"fanfare\"");
  }

  private static Problem badKey(String detail) {
    return Problem.of(401, "unauthenticated", "Key refused", detail)
        .header("WWW-Authenticate", "Bearer realm=\"fanfare\", error=\"invalid_token\"");
  }

  private static Problem tooManyWrongKeys(long seconds) {
    return Problem.of(
            429,
            "too-many-wrong-keys",
            "Too many wrong keys",
            "this address sent many keys that are not valid; the next one is looked at in "
                + seconds
                + " s")
        .with("limit", "wrong-keys")
        .header(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
  }

  private static Problem forbidden(Scope have, Scope needed) {
    return Problem.of(
            403,
            "forbidden",
            "Key does not allow this",
            "the key's scope is " + have.code() + "; this needs " + needed.code())
        .with("scope", needed.code());
  }
}
