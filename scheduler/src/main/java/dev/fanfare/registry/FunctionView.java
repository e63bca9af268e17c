package dev.fanfare.registry;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.RevisionId;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A function as it is deployed now.
 *
 * @param live the revision that the {@code live} alias points to
 * @param liveSince when it last moved there
 * @param aliases all aliases, {@code live} among them, sorted by name
 * @param revisions those that have this function, newest first
 * @param spec of the live revision
 */
public record FunctionView(
    FunctionName name,
    RevisionId live,
    Instant liveSince,
    Map<String, RevisionId> aliases,
    List<Revision> revisions,
    FunctionSpec spec) {
  public FunctionView {
    revisions = List.copyOf(revisions);
  }

  /** A revision that has the function. */
  public record Revision(RevisionId id, Instant createdAt, int javaRelease, long artifactSize) {}
}
