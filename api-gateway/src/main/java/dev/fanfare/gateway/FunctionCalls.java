package dev.fanfare.gateway;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Target;
import dev.fanfare.registry.RegistryException;
import dev.fanfare.shard.Submission;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * {@code POST /function/{name}} and {@code POST /async-function/{name}}: checks the request, takes
 * its body and submits the invocation. Belongs to one event loop.
 */
final class FunctionCalls {
  static final String SYNC = "/function/";
  static final String ASYNC = "/async-function/";

  private static final int REFERENCES_KEPT = 4_096;

  private final Platform platform;
  private final Access access;
  private final UnknownFunction unknown;
  private final WaitingCalls waiting;
  private final Map<String, FunctionReference> references = new HashMap<>();

  /** By the object: a registry's targets are the same until something is deployed. */
  private final IdentityHashMap<Target, Boolean> channels = new IdentityHashMap<>();

  FunctionCalls(Platform platform, Access access, WaitingCalls waiting) {
    this.platform = platform;
    this.access = access;
    this.waiting = waiting;
    this.unknown = new UnknownFunction(platform.node().registry());
  }

  /** Runs the function and answers with its result, unless the caller prefers not to wait. */
  void call(HttpServerRequest request, String path) {
    Preferences preferences = Preferences.read(request.headers());
    accept(request, reference(path, SYNC), preferences, preferences.asked());
  }

  /** Answers at once with the invocation's id. */
  void callLater(HttpServerRequest request, String path) {
    accept(request, reference(path, ASYNC), Preferences.NONE, true);
  }

  private void accept(
      HttpServerRequest request,
      FunctionReference reference,
      Preferences preferences,
      boolean async) {
    Principal principal = access.require(request, scope(reference));
    Target target = resolveCalled(principal, reference);
    CallOptions options = options(request);
    InvocationId id = platform.dispatcher().newId();
    RequestBody.Taker call =
        async
            ? new AsyncCall(this, request, id, target, options, preferences)
            : new SyncCall(this, request, id, target, options);
    if (!options.key().isEmpty()) {
      call = new KeyedCall(this, request, id, target, options, preferences, async);
    }
    new RequestBody(
            request,
            platform.context(),
            platform.configuration().requestLimitBytes(),
            platform.node().blobs(),
            platform.disk(),
            call)
        .take();
  }

  /** What the caller says beside the body; a state that nobody is in may be refused. */
  CallOptions options(HttpServerRequest request) {
    CallOptions options = CallOptions.read(request, platform.clock());
    if (StatePin.elseRefuse(request.headers())) {
      StatePin.of(options.constraints())
          .ifPresent(pinned -> StatePin.refuseUnlessMet(pinned, platform.dispatcher()));
    }
    return options;
  }

  Platform platform() {
    return platform;
  }

  Dispatcher dispatcher() {
    return platform.dispatcher();
  }

  WaitingCalls waiting() {
    return waiting;
  }

  /** A problem with an invocation that exists, or may exist. */
  Problem about(Problem problem, InvocationId id, CallOptions options) {
    String callId = options.callId().isEmpty() ? id.toString() : options.callId();
    return problem
        .about(id)
        .header(Names.INVOCATION_ID, id.toString())
        .header(Names.CALL_ID, callId);
  }

  Submission submission(
      InvocationId id, Target target, CallOptions options, boolean async, Payload payload) {
    int retries = target.policy().retriesFor(async);
    return submission(id, target, options, async, retries, payload);
  }

  Submission submission(
      InvocationId id,
      Target target,
      CallOptions options,
      boolean async,
      int retries,
      Payload payload) {
    Policy policy = target.policy();
    long timeout = CallOptions.micros(policy.timeout());
    if (options.timeoutMicros() != 0) {
      timeout = Math.min(timeout, options.timeoutMicros());
    }
    long expiresAt =
        policy
            .expiresAfter()
            .map(after -> Math.max(now(), options.notBefore()) + CallOptions.micros(after))
            .orElse(0L);
    return new Submission(
        id,
        target,
        policy.requirements().and(options.constraints()),
        platform.node().id(),
        async,
        options.priority(),
        retries,
        timeout,
        options.notBefore(),
        expiresAt,
        options.deadline(),
        options.callId(),
        options.traceparent(),
        payload);
  }

  private long now() {
    return CallOptions.micros(platform.clock().instant());
  }

  /** What the reference means, which must be a function without a channel. */
  Target resolveCalled(Principal principal, FunctionReference reference) {
    Target target = resolve(principal, reference);
    if (hasChannel(target)) {
      throw new Refused(opensOnly(target));
    }
    return target;
  }

  /** Whether the function is opened, not called. */
  boolean hasChannel(Target target) {
    Boolean known = channels.get(target);
    if (known == null) {
      known =
          platform
              .node()
              .registry()
              .manifest(target.revision())
              .flatMap(manifest -> manifest.function(target.function()))
              .filter(FunctionSpec::channel)
              .isPresent();
      if (channels.size() >= REFERENCES_KEPT) {
        channels.clear();
      }
      channels.put(target, known);
    }
    return known;
  }

  static Problem opensOnly(Target target) {
    return Problem.of(
            426,
            "upgrade-required",
            "Upgrade required",
            "'"
                + target.function()
                + "' talks over a channel: open it as a WebSocket (GET /function/"
                + target.function()
                + "), or with fanfare.open")
        .header("Upgrade", "websocket");
  }

  /** What a key must be for to call it. */
  static Scope scope(FunctionReference reference) {
    return Builtins.needsExecScope(reference.name()) ? Scope.EXEC : Scope.INVOKER;
  }

  Target resolve(Principal principal, FunctionReference reference) {
    Access.check(principal, scope(reference));
    try {
      return platform
          .node()
          .registry()
          .resolve(principal.tenant(), reference)
          .orElseThrow(() -> new Refused(unknown.problem(principal.tenant(), reference)));
    } catch (RegistryException e) {
      throw new Refused(RegistryRefusal.problem(e));
    }
  }

  FunctionReference reference(String path, String prefix) {
    FunctionReference known = references.get(path);
    if (known != null) {
      return known;
    }
    FunctionReference reference = UnknownFunction.parse(path.substring(prefix.length()));
    if (references.size() >= REFERENCES_KEPT) {
      references.clear();
    }
    references.put(path, reference);
    return reference;
  }
}
