package dev.fanfare.registry;

import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import java.time.Instant;

/** A revision with what it is. */
record DeployedRevision(RevisionId id, Instant createdAt, RevisionManifest manifest) {

  FunctionView.Revision view() {
    return new FunctionView.Revision(
        id, createdAt, manifest.javaRelease(), manifest.artifactSize());
  }
}
