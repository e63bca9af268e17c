package dev.fanfare.gateway;

import dev.fanfare.key.Issued;
import dev.fanfare.key.Keys;
import dev.fanfare.key.Keys.SharedWithWorker;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.proof.Proof;
import dev.fanfare.proof.ProofMessage;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway's part of the proof that precedes the frames of a session whose worker shows no key:
 * it proves first that it knows one of the worker's keys, and takes the worker's proof. A join
 * token is exchanged for a credential whose secret never goes over the connection. Belongs to the
 * context.
 */
final class GatewayProving {
  private static final long LONGEST_MILLIS = 10_000;

  private final WebSocket socket;
  private final Context context;
  private final Keys keys;
  private final Executor disk;
  private final Supplier<String> certificate;
  private final Promise<Principal> promise = Promise.promise();
  private @Nullable SharedWithWorker known;
  private @Nullable Proof proof;

  /** Before that the connection may not be open. */
  private boolean heard;

  private GatewayProving(
      WebSocket socket, Context context, Keys keys, Executor disk, Supplier<String> certificate) {
    this.socket = socket;
    this.context = context;
    this.keys = keys;
    this.disk = disk;
    this.certificate = certificate;
  }

  /**
   * Proves over a connection that is being opened or was just; call it on the context.
   *
   * @param certificate SHA-256 of the worker's certificate, empty without TLS; asked once the
   *     worker has spoken
   * @return who the worker is; frames may follow at once. Fails with {@link ProofRefused}, and then
   *     the caller closes the connection
   */
  static Future<Principal> over(
      WebSocket socket, Context context, Keys keys, Executor disk, Supplier<String> certificate) {
    var proving = new GatewayProving(socket, context, keys, disk, certificate);
    long timer =
        context.owner().setTimer(LONGEST_MILLIS, late -> proving.refuse("it took too long"));
    proving.promise.future().onComplete(done -> context.owner().cancelTimer(timer));
    socket.textMessageHandler(proving::received);
    socket.binaryMessageHandler(frame -> proving.refuse("frames follow the proof"));
    socket.exceptionHandler(broken -> proving.fail("the connection broke"));
    socket.closeHandler(closed -> proving.fail("the connection was closed"));
    return proving.promise.future();
  }

  private void received(String text) {
    heard = true;
    if (promise.future().isComplete()) {
      return;
    }
    try {
      switch (ProofMessage.read(text)) {
        case ProofMessage.Challenge challenge when proof == null -> answer(challenge);
        case ProofMessage.WorkerProof worker when proof != null && known != null ->
            check(worker, proof, known);
        case ProofMessage.Refused refused ->
            promise.tryFail(ProofRefused.said(refused.reason(), refused.busy()));
        default -> refuse("this message does not come now");
      }
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private void answer(ProofMessage.Challenge challenge) {
    Optional<SharedWithWorker> found =
        challenge.keys().stream().flatMap(id -> keys.sharedWithWorker(id).stream()).findFirst();
    if (found.isEmpty()) {
      refuse("this platform does not know the worker's key, or it is expired or revoked");
      return;
    }
    known = found.get();
    byte[] nonce = Proof.nonce();
    proof = new Proof(known.key(), challenge.nonce(), nonce, certificate.get());
    say(new ProofMessage.GatewayProof(known.key().id(), nonce, proof.ofGateway()));
  }

  private void check(ProofMessage.WorkerProof worker, Proof own, SharedWithWorker shared) {
    if (!own.isOfWorker(worker.proof())) {
      refuse("the worker does not know the key that it named");
    } else if (shared.principal().scope() == Scope.WORKER) {
      opened(Optional.empty(), shared.principal());
    } else {
      disk.execute(() -> issue(shared.principal(), own.freshSecret()));
    }
  }

  private void issue(Principal joining, String secret) {
    try {
      Issued issued = keys.issueWorker(joining.tenant(), "listening worker", secret);
      var own = new Principal(issued.id(), joining.tenant(), Scope.WORKER);
      context.runOnContext(made -> opened(Optional.of(issued.id()), own));
    } catch (RuntimeException e) {
      context.runOnContext(failed -> refuse("no credential could be made: " + e.getMessage()));
    }
  }

  private void opened(Optional<String> credential, Principal principal) {
    if (!promise.future().isComplete()) {
      say(new ProofMessage.Opened(credential));
      promise.complete(principal);
    }
  }

  private void refuse(String reason) {
    if (!promise.future().isComplete()) {
      if (heard) {
        say(new ProofMessage.Refused(reason, false));
      }
      promise.fail(ProofRefused.because(reason));
    }
  }

  private void fail(String reason) {
    promise.tryFail(ProofRefused.because(reason + " before both sides had proved themselves"));
  }

  private void say(ProofMessage message) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(message.text());
    }
  }
}
