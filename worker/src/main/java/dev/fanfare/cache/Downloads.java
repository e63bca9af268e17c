package dev.fanfare.cache;

import dev.fanfare.frame.Frame;
import dev.fanfare.hosting.Blocking;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches blobs from the gateway into the cache, each once however many ask. Only on the agent's
 * context.
 */
public final class Downloads {
  /** Pieces asked for ahead of the one that is awaited. */
  private static final int AHEAD = 4;

  private final Context context;
  private final BlobCache cache;
  private final Consumer<Frame> gateway;
  private final Map<Sha256, Download> running = new HashMap<>();

  /** Sends its requests to {@code gateway}. */
  public Downloads(Context context, BlobCache cache, Consumer<Frame> gateway) {
    this.context = context;
    this.cache = cache;
    this.gateway = gateway;
  }

  /** The blob's file, in use until it is released; fails with {@link MissingBlob}. */
  public Future<Path> get(Sha256 hash) {
    if (cache.use(hash)) {
      return Future.succeededFuture(cache.path(hash));
    }
    Download known = running.get(hash);
    if (known != null) {
      return known.promise.future().onSuccess(path -> cache.use(hash));
    }
    var download = new Download(hash);
    running.put(hash, download);
    download.ask();
    return download.promise.future();
  }

  /** A piece came. */
  public void chunk(Frame.Chunk chunk) {
    Download download = running.get(chunk.hash());
    if (download != null) {
      download.take(chunk);
    }
  }

  /** The gateway does not have it; false if it was not asked for here. */
  public boolean missing(Sha256 hash) {
    Download download = running.get(hash);
    if (download != null) {
      download.fail(MissingBlob.unknown("blob " + hash.brief()));
    }
    return download != null;
  }

  /** The session broke: what is under way fails. */
  public void interrupted() {
    for (Download download : List.copyOf(running.values())) {
      download.fail(MissingBlob.interrupted("blob " + download.hash.brief()));
    }
  }

  private final class Download {
    private final Sha256 hash;
    private final Promise<Path> promise = Promise.promise();
    private final MessageDigest digest = Sha256.digest();
    private final Path part;
    private @Nullable OutputStream out;
    private long asked;
    private long received;
    private long total = Long.MAX_VALUE;
    private boolean over;

    Download(Sha256 hash) {
      this.hash = hash;
      this.part = cache.partial(hash);
    }

    /** Until the first piece tells how large it is, only that one is asked for. */
    void ask() {
      int ahead = total == Long.MAX_VALUE ? 1 : AHEAD;
      while (asked < total && asked < received + (long) ahead * Frame.CHUNK_BYTES) {
        gateway.accept(new Frame.Fetch(hash, asked, Frame.CHUNK_BYTES));
        asked += Frame.CHUNK_BYTES;
      }
    }

    void take(Frame.Chunk chunk) {
      if (over) {
        return;
      }
      boolean complete = chunk.offset() + chunk.bytes().length >= chunk.total();
      if (chunk.offset() != received || chunk.bytes().length < Frame.CHUNK_BYTES && !complete) {
        fail(MissingBlob.damaged("blob " + hash.brief()));
        return;
      }
      received += chunk.bytes().length;
      total = chunk.total();
      ask();
      Blocking.callInOrder(context, () -> write(chunk.bytes(), complete))
          .onFailure(this::fail)
          .onSuccess(
              written -> {
                if (complete) {
                  done();
                }
              });
    }

    private boolean write(byte[] bytes, boolean last) throws IOException {
      if (out == null) {
        out = Files.newOutputStream(part);
      }
      out.write(bytes);
      digest.update(bytes);
      if (last) {
        out.close();
        if (!Sha256.ofDigest(digest.digest()).equals(hash)) {
          Files.deleteIfExists(part);
          throw MissingBlob.damaged("blob " + hash.brief());
        }
        Files.move(part, cache.path(hash), StandardCopyOption.REPLACE_EXISTING);
      }
      return last;
    }

    private void done() {
      if (!over) {
        over = true;
        running.remove(hash);
        cache.add(hash, received);
        promise.complete(cache.path(hash));
      }
    }

    void fail(Throwable failure) {
      if (!over) {
        over = true;
        running.remove(hash);
        Blocking.callInOrder(context, this::abandon);
        promise.fail(failure);
      }
    }

    private boolean abandon() throws IOException {
      if (out != null) {
        out.close();
      }
      return Files.deleteIfExists(part);
    }
  }
}
