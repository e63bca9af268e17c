package dev.fanfare.worker;

import dev.fanfare.proof.Proof;
import dev.fanfare.proof.ProofMessage;
import dev.fanfare.proof.SharedKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The worker's part of the proof that precedes frames on a connection that a gateway opened: it
 * names its keys, and proves itself only to who has proved to know one. Belongs to one event loop.
 */
final class WorkerProving {
  private static final long LONGEST_MILLIS = 10_000;

  private final WebSocket socket;
  private final List<SharedKey> keys;
  private final String certificate;
  private final byte[] nonce = Proof.nonce();
  private final Promise<Optional<String>> promise = Promise.promise();
  private @Nullable Proof proof;

  private WorkerProving(WebSocket socket, List<SharedKey> keys, String certificate) {
    this.socket = socket;
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * Proves over a connection just opened.
   *
   * @return the credential to use from now on, if there is a new one; frames may follow at once
   */
  static Future<Optional<String>> over(
      Vertx vertx, WebSocket socket, List<SharedKey> keys, String certificate) {
    var proving = new WorkerProving(socket, keys, certificate);
    long timer = vertx.setTimer(LONGEST_MILLIS, late -> proving.refuse("it took too long"));
    proving.promise.future().onComplete(done -> vertx.cancelTimer(timer));
    socket.textMessageHandler(proving::received);
    socket.binaryMessageHandler(frame -> proving.refuse("frames follow the proof"));
    socket.exceptionHandler(broken -> proving.fail("the connection broke"));
    socket.closeHandler(closed -> proving.fail("the connection was closed"));
    proving.say(
        new ProofMessage.Challenge(keys.stream().map(SharedKey::id).toList(), proving.nonce));
    return proving.promise.future();
  }

  /** Ends it because the worker has a session already. */
  static void busy(WebSocket socket, String reason) {
    socket.writeTextMessage(new ProofMessage.Refused(reason, true).text());
    socket.close();
  }

  private void received(String text) {
    if (promise.future().isComplete()) {
      return;
    }
    try {
      switch (ProofMessage.read(text)) {
        case ProofMessage.GatewayProof gateway when proof == null -> check(gateway);
        case ProofMessage.Opened opened when proof != null -> opened(opened, proof);
        case ProofMessage.Refused refused -> fail("the gateway said: " + refused.reason());
        default -> refuse("this message does not come now");
      }
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    }
  }

  private void check(ProofMessage.GatewayProof gateway) {
    Optional<SharedKey> key =
        keys.stream().filter(own -> own.id().equals(gateway.key())).findFirst();
    if (key.isEmpty()) {
      refuse("this worker did not name the key " + gateway.key());
      return;
    }
    proof = new Proof(key.get(), nonce, gateway.nonce(), certificate);
    if (proof.isOfGateway(gateway.proof())) {
      say(new ProofMessage.WorkerProof(proof.ofWorker()));
    } else {
      refuse(
          "the gateway does not know this worker's key"
              + (certificate.isEmpty() ? "" : ", or sees another certificate than this worker's"));
    }
  }

  private void opened(ProofMessage.Opened opened, Proof own) {
    promise.complete(opened.credential().map(id -> SharedKey.text(id, own.freshSecret())));
  }

  private void refuse(String reason) {
    if (!promise.future().isComplete()) {
      say(new ProofMessage.Refused(reason, false));
      promise.fail(reason);
      socket.close();
    }
  }

  private void fail(String reason) {
    promise.tryFail(reason);
  }

  private void say(ProofMessage message) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(message.text());
    }
  }
}
