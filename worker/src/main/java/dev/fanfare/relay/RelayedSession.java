package dev.fanfare.relay;

import dev.fanfare.cache.Downloads;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.MalformedFrame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One worker's session as it passes through: messages go on as they came, unread, both ways; only
 * what is fetched is answered from the relay's cache. A side that does not take what it is sent
 * makes the other wait. On the relay's context.
 */
final class RelayedSession {
  private static final String JSON = "fanfare.v1.json";
  private static final short GOING_AWAY = 1001;

  private final WebSocket worker;
  private final WebSocket gateway;
  private final RelayBlobs blobs;
  private final Downloads downloads;
  private final Runnable gone;
  private boolean open;
  private boolean over;

  RelayedSession(WebSocket worker, WebSocket gateway, RelayBlobs blobs, Runnable gone) {
    this.worker = worker;
    this.gateway = gateway;
    this.blobs = blobs;
    this.gone = gone;
    this.downloads = blobs.downloads(frame -> send(gateway, frame));
  }

  /**
   * Passes on from now on.
   *
   * @param early what the worker said already
   */
  void begin(List<String> early) {
    worker.textMessageHandler(text -> pass(worker, gateway, text));
    gateway.textMessageHandler(text -> pass(gateway, worker, text));
    worker.binaryMessageHandler(this::fromWorker);
    gateway.binaryMessageHandler(this::fromGateway);
    ends(worker, "the worker's connection to the relay was closed");
    ends(gateway, "the relay's connection to the gateway was closed");
    early.forEach(text -> pass(worker, gateway, text));
  }

  /** Ends the session in words, on both sides. */
  void stop(String reason) {
    if (!over) {
      var bye = new Frame.Bye(reason, true);
      sayBye(worker, bye);
      sayBye(gateway, bye);
      end(reason);
    }
  }

  private void fromWorker(Buffer frame) {
    if (open && Peek.kind(frame).equals("fetch") && read(frame) instanceof Frame.Fetch fetch) {
      blobs.answer(fetch, downloads).onSuccess(answer -> send(worker, answer));
    } else {
      pass(worker, gateway, frame);
    }
  }

  private void fromGateway(Buffer frame) {
    String kind = Peek.kind(frame);
    boolean ours =
        switch (kind) {
          case "chunk", "missing" -> take(read(frame));
          default -> false;
        };
    open |= kind.equals("welcome");
    if (!ours) {
      pass(gateway, worker, frame);
    }
  }

  /** Whether it answers what the relay fetched. */
  private boolean take(Frame frame) {
    if (frame instanceof Frame.Chunk chunk) {
      downloads.chunk(chunk);
      return true;
    }
    return frame instanceof Frame.Missing missing && downloads.missing(missing.hash());
  }

  private static Frame read(Buffer frame) {
    try {
      byte[] bytes = frame.getBytes();
      return FrameCodec.readCbor(bytes, 0, bytes.length);
    } catch (MalformedFrame e) {
      return new Frame.Bye(String.valueOf(e.getMessage()), false);
    }
  }

  private static void send(WebSocket to, Frame frame) {
    if (!to.isClosed()) {
      to.writeBinaryMessage(Buffer.buffer(FrameCodec.cbor(frame)));
    }
  }

  private static void sayBye(WebSocket to, Frame.Bye bye) {
    if (JSON.equals(to.subProtocol())) {
      to.writeTextMessage(new String(FrameCodec.json(bye), StandardCharsets.UTF_8));
    } else {
      send(to, bye);
    }
  }

  private static void pass(WebSocket from, WebSocket to, Buffer message) {
    if (!to.isClosed()) {
      to.writeBinaryMessage(message);
      waitFor(to, from);
    }
  }

  private static void pass(WebSocket from, WebSocket to, String message) {
    if (!to.isClosed()) {
      to.writeTextMessage(message);
      waitFor(to, from);
    }
  }

  private static void waitFor(WebSocket to, WebSocket from) {
    if (to.writeQueueFull()) {
      from.pause();
      to.drainHandler(room -> from.resume());
    }
  }

  private void ends(WebSocket first, String otherwise) {
    first.exceptionHandler(broken -> first.close());
    first.closeHandler(
        closed -> {
          String told = first.closeReason();
          end(told == null || told.isEmpty() ? otherwise : told);
        });
  }

  private void end(String reason) {
    if (!over) {
      over = true;
      downloads.interrupted();
      close(worker, reason);
      close(gateway, reason);
      gone.run();
    }
  }

  private static void close(WebSocket socket, String reason) {
    if (!socket.isClosed()) {
      socket.close(GOING_AWAY, reason.substring(0, Math.min(100, reason.length())));
    }
  }
}
