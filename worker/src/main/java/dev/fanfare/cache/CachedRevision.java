package dev.fanfare.cache;

import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import java.nio.file.Path;

/** A revision whose files are here. */
public record CachedRevision(
    RevisionId id, RevisionManifest manifest, Path manifestFile, Path artifactFile) {}
