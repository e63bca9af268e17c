package dev.fanfare.relay;

import dev.fanfare.cache.BlobCache;
import dev.fanfare.cache.Downloads;
import dev.fanfare.frame.Frame;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Code and payloads that workers behind the relay fetched: each comes down once, however many ask.
 * On the relay's context.
 */
final class RelayBlobs {
  private final Context context;
  private final BlobCache cache;
  private final Map<Sha256, Future<Path>> coming = new HashMap<>();

  RelayBlobs(Context context, BlobCache cache) {
    this.context = context;
    this.cache = cache;
  }

  /** What one session downloads for all. */
  Downloads downloads(Consumer<Frame> upward) {
    return new Downloads(context, cache, upward);
  }

  /** The answer to a worker's question, from the cache or by the session's own downloads. */
  Future<Frame> answer(Frame.Fetch fetch, Downloads own) {
    return obtain(fetch.hash(), own)
        .compose(
            file ->
                Blocking.callInOrder(context, () -> read(fetch, file))
                    .onComplete(read -> cache.release(fetch.hash())))
        .recover(failure -> Future.succeededFuture(new Frame.Missing(fetch.hash())));
  }

  /** The file, in use until it is released. */
  private Future<Path> obtain(Sha256 hash, Downloads own) {
    if (cache.use(hash)) {
      return Future.succeededFuture(cache.path(hash));
    }
    Future<Path> others = coming.get(hash);
    if (others != null) {
      // Whoever downloads it may be gone before it is complete.
      return others.transform(
          done -> {
            if (done.succeeded() && cache.use(hash)) {
              return Future.succeededFuture(cache.path(hash));
            }
            return obtain(hash, own);
          });
    }
    Future<Path> download = own.get(hash);
    coming.put(hash, download);
    return download.onComplete(done -> coming.remove(hash, download));
  }

  private static Frame read(Frame.Fetch fetch, Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long total = channel.size();
      long left = Math.max(0, total - fetch.offset());
      var bytes =
          ByteBuffer.allocate(
              (int) Math.min(left, Math.clamp(fetch.length(), 0, Frame.CHUNK_BYTES)));
      channel.position(Math.min(total, fetch.offset()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      return new Frame.Chunk(fetch.hash(), fetch.offset(), total, bytes.array());
    }
  }
}
