package dev.fanfare.cache;

import dev.fanfare.hosting.Blocking;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Revisions that are here, and those being fetched: the manifest, whose hash is the revision's id,
 * then the artifact that it names. Only on the agent's context.
 */
public final class Revisions {
  /** The most revisions whose files are held; the one used longest ago is let go first. */
  private static final int MOST_HELD = 64;

  private final Context context;
  private final BlobCache cache;
  private final Downloads downloads;
  private final LinkedHashMap<RevisionId, CachedRevision> held =
      new LinkedHashMap<>(16, 0.75f, true);
  private final Map<RevisionId, Future<CachedRevision>> fetching = new LinkedHashMap<>();

  /** Fetches by {@code downloads}. */
  public Revisions(Context context, BlobCache cache, Downloads downloads) {
    this.context = context;
    this.cache = cache;
    this.downloads = downloads;
  }

  /** The revision, if its files are here. */
  public @Nullable CachedRevision held(RevisionId id) {
    return held.get(id);
  }

  /** Those whose files are here, the one used last at the end. */
  public List<RevisionId> ids() {
    return List.copyOf(held.keySet());
  }

  /** The revision, fetched if it is not here; fails with {@link MissingBlob}. */
  public Future<CachedRevision> get(RevisionId id) {
    CachedRevision known = held.get(id);
    if (known != null) {
      return Future.succeededFuture(known);
    }
    Future<CachedRevision> running = fetching.get(id);
    if (running != null) {
      return running;
    }
    Future<CachedRevision> fetch =
        downloads
            .get(id.hash())
            .compose(file -> manifest(id, file))
            .onSuccess(this::hold)
            .onComplete(done -> fetching.remove(id));
    if (!fetch.isComplete()) {
      fetching.put(id, fetch);
    }
    return fetch;
  }

  private Future<CachedRevision> manifest(RevisionId id, Path file) {
    return Blocking.call(context, () -> Manifests.read(Files.readAllBytes(file)))
        .compose(manifest -> artifact(id, file, manifest))
        .onFailure(failure -> cache.release(id.hash()));
  }

  private Future<CachedRevision> artifact(RevisionId id, Path file, RevisionManifest manifest) {
    Future<Path> all = downloads.get(manifest.artifact());
    for (Sha256 attachment : manifest.attachments()) {
      all = all.compose(artifact -> downloads.get(attachment).map(artifact));
    }
    return all.map(artifact -> new CachedRevision(id, manifest, file, artifact));
  }

  private void hold(CachedRevision revision) {
    held.put(revision.id(), revision);
    if (held.size() > MOST_HELD) {
      CachedRevision eldest = held.firstEntry().getValue();
      held.remove(eldest.id());
      cache.release(eldest.id().hash());
      eldest.manifest().blobs().forEach(cache::release);
    }
  }
}
