package dev.fanfare.session;

import dev.fanfare.blob.BlobWriter;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Link;
import dev.fanfare.protocol.Sha256;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One session's blobs, both ways, a piece at a time and in order, off the event loop. Pieces go
 * down only while the link has room.
 */
final class BlobExchange {
  /** The most pieces asked for or sent that wait their turn. */
  static final int MOST_WAITING = 128;

  /** The most uploads under way at a time. */
  static final int MOST_UPLOADS = 8;

  private static final Logger log = LoggerFactory.getLogger(BlobExchange.class);

  private final SessionServer server;
  private final Link link;
  private final Consumer<String> refuse;
  private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
  private boolean busy;
  private boolean closed;

  /** Touched only by the piece of work under way. */
  private final Map<Sha256, BlobWriter> uploads = new HashMap<>();

  BlobExchange(SessionServer server, Link link, Consumer<String> refuse) {
    this.server = server;
    this.link = link;
    this.refuse = refuse;
  }

  void fetch(Frame.Fetch fetch) {
    if (fetch.offset() < 0 || fetch.length() < 1 || fetch.length() > Frame.CHUNK_BYTES) {
      refuse.accept("a piece of a blob has 1 to " + Frame.CHUNK_BYTES + " bytes");
    } else {
      add(fetch);
    }
  }

  void upload(Frame.Upload upload) {
    if (upload.bytes().length > Frame.CHUNK_BYTES) {
      refuse.accept("a piece of a blob has at most " + Frame.CHUNK_BYTES + " bytes");
    } else {
      add(upload);
    }
  }

  /** The link has room again. */
  void drained() {
    next();
  }

  void close() {
    closed = true;
    waiting.clear();
    if (!busy) {
      server.blocking(this::abandon, done -> {}, failure -> {});
    }
  }

  private void add(Frame frame) {
    if (waiting.size() >= MOST_WAITING) {
      refuse.accept("more than " + MOST_WAITING + " pieces of blobs are under way");
      return;
    }
    waiting.add(frame);
    next();
  }

  private void next() {
    if (busy
        || waiting.isEmpty()
        || waiting.getFirst() instanceof Frame.Fetch && link.congested()) {
      return;
    }
    busy = true;
    Frame frame = waiting.removeFirst();
    server.blocking(
        () -> work(frame),
        answer -> {
          answer.ifPresent(link::send);
          done();
        },
        failure -> {
          log.warn("a blob's piece for {} failed", link.peer(), failure);
          link.send(new Frame.Missing(hash(frame)));
          done();
        });
  }

  private void done() {
    busy = false;
    if (closed) {
      close();
    } else {
      next();
    }
  }

  private Optional<Frame> work(Frame frame) {
    return switch (frame) {
      case Frame.Fetch fetch -> Optional.of(read(fetch));
      case Frame.Upload upload -> Optional.of(keep(upload));
      default -> Optional.empty();
    };
  }

  private Frame read(Frame.Fetch fetch) {
    if (!server.blobs().obtain(fetch.hash())) {
      return new Frame.Missing(fetch.hash());
    }
    long total = server.blobs().size(fetch.hash());
    byte[] bytes = server.blobs().read(fetch.hash(), fetch.offset(), fetch.length());
    return new Frame.Chunk(fetch.hash(), fetch.offset(), total, bytes);
  }

  private Frame keep(Frame.Upload upload) {
    Sha256 hash = upload.hash();
    BlobWriter writer = uploads.get(hash);
    if (writer == null && server.blobs().has(hash)) {
      return new Frame.Uploaded(hash, upload.total());
    }
    if (writer == null) {
      if (upload.offset() != 0
          || uploads.size() >= MOST_UPLOADS
          || upload.total() > server.resultLimitBytes()) {
        return new Frame.Missing(hash);
      }
      writer = server.blobs().write();
      uploads.put(hash, writer);
    }
    if (upload.offset() != writer.size()
        || upload.offset() + upload.bytes().length > upload.total()) {
      drop(hash, writer);
      return new Frame.Missing(hash);
    }
    writer.write(upload.bytes(), 0, upload.bytes().length);
    return writer.size() < upload.total() ? kept(hash, writer) : finish(hash, writer);
  }

  private static Frame kept(Sha256 hash, BlobWriter writer) {
    return new Frame.Uploaded(hash, writer.size());
  }

  private Frame finish(Sha256 hash, BlobWriter writer) {
    uploads.remove(hash);
    Sha256 found = writer.commit();
    return found.equals(hash) ? kept(hash, writer) : new Frame.Missing(hash);
  }

  private void drop(Sha256 hash, BlobWriter writer) {
    uploads.remove(hash);
    writer.abort();
  }

  private boolean abandon() {
    uploads.values().forEach(BlobWriter::abort);
    uploads.clear();
    return true;
  }

  private static Sha256 hash(Frame frame) {
    return frame instanceof Frame.Fetch fetch ? fetch.hash() : ((Frame.Upload) frame).hash();
  }
}
