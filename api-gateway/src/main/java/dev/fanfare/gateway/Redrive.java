package dev.fanfare.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatch.KeyedWaiter;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/**
 * Submits dead letters anew, as invocations of their own, to the function as it is live now: that
 * is where whatever killed them was mended. Of one letter there is one such invocation in a day,
 * however often it is asked for.
 */
final class Redrive {
  /** No caller can send such a key. */
  private static final String KEY = "\u0001redrive ";

  private final Platform platform;

  Redrive(Platform platform) {
    this.platform = platform;
  }

  /** The new invocation's id, once it is accepted. */
  Future<InvocationId> again(Submission dead) {
    Submission anew = submission(dead);
    Promise<InvocationId> accepted = Promise.promise();
    String key = KEY + dead.id();
    platform
        .dispatcher()
        .submitOnce(anew, key, Sha256.of(key.getBytes(UTF_8)), waiter(anew.id(), accepted));
    return accepted.future();
  }

  private Submission submission(Submission dead) {
    Target target = live(dead.target());
    Policy policy = target.policy();
    return new Submission(
        platform.dispatcher().newId(),
        target,
        target.equals(dead.target()) ? dead.requirements() : policy.requirements(),
        platform.node().id(),
        true,
        dead.priority(),
        policy.retriesFor(true),
        CallOptions.micros(policy.timeout()),
        0,
        0,
        0,
        dead.callId(),
        dead.traceparent(),
        dead.payload());
  }

  /** The function's live revision; the one it had when it is not deployed any more. */
  private Target live(Target dead) {
    var reference = FunctionReference.parse(dead.function().value());
    return platform.node().registry().resolve(dead.tenant(), reference).orElse(dead);
  }

  private static KeyedWaiter waiter(InvocationId id, Promise<InvocationId> accepted) {
    return new KeyedWaiter() {
      @Override
      public void known(InvocationId before) {
        accepted.complete(before);
      }

      @Override
      public void otherBody(InvocationId before) {
        accepted.complete(before);
      }

      @Override
      public void admitted(Admission admission) {
        if (admission == Admission.FULL) {
          accepted.fail(new Refused(AsyncCall.full()));
        } else {
          accepted.complete(id);
        }
      }

      @Override
      public void uncertain(String why) {
        accepted.fail(new Refused(Problem.uncertain(why)));
      }

      @Override
      public void ended(InvocationRecord invocation) {
        throw new IllegalStateException("nobody waits for " + invocation.id());
      }
    };
  }
}
