package dev.fanfare.burst;

import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import java.util.function.Consumer;

/**
 * Payloads that are too large to travel inside: kept as blobs, and brought inside again. Works off
 * the dispatcher's context and calls back on it.
 */
record LargePayloads(Platform platform) {

  /** Keeps a payload as a blob, or tells why that failed. */
  void keep(Payload.Inline body, Consumer<Payload.Blob> kept, Consumer<String> failed) {
    platform
        .disk()
        .execute(
            () -> {
              try {
                var hash = platform.blobs().put(body.bytes());
                var blob = new Payload.Blob(body.contentType(), hash, body.size());
                platform.dispatcher().run(() -> kept.accept(blob));
              } catch (RuntimeException e) {
                String why = "the gateway could not keep the item: " + e.getMessage();
                platform.dispatcher().run(() -> failed.accept(why));
              }
            });
  }

  /** Brings a blob inside; where it is gone, gives the blob itself. */
  void fetch(Payload.Blob blob, Consumer<Payload> next) {
    platform
        .disk()
        .execute(
            () -> {
              Payload payload = blob;
              try {
                byte[] bytes = platform.blobs().readWhole(blob.hash());
                payload = new Payload.Inline(blob.contentType(), bytes);
              } catch (RuntimeException e) {
                // Its blob is gone: the result is told by its size alone.
              }
              Payload found = payload;
              platform.dispatcher().run(() -> next.accept(found));
            });
  }

  /** Brings a result's blob inside; where it is gone, gives the result as it is. */
  void fetch(Ended ended, Consumer<Ended> next) {
    if (ended.outcome() instanceof Outcome.Success(Payload.Blob blob)) {
      fetch(
          blob,
          payload -> next.accept(payload instanceof Payload.Inline ? ended.with(payload) : ended));
    }
  }
}
