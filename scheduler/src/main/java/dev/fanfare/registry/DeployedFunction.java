package dev.fanfare.registry;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's function, immutable: its revisions, where its aliases point, where live pointed
 * before.
 */
final class DeployedFunction {
  private final FunctionName name;
  private final List<DeployedRevision> revisions;
  private final List<LiveMove> moves;
  private final Map<String, RevisionId> aliases;
  private final Map<RevisionId, Target> targets = new HashMap<>();
  private final Map<String, Target> targetsByAlias = new HashMap<>();

  /**
   * @param revisions those that have the function, in any order
   * @param moves of live, the present one last, at least one
   * @param aliases all but live
   */
  DeployedFunction(
      TenantId tenant,
      FunctionName name,
      List<DeployedRevision> revisions,
      List<LiveMove> moves,
      Map<String, RevisionId> aliases) {
    this.name = name;
    this.revisions =
        revisions.stream()
            .sorted(Comparator.comparing(DeployedRevision::createdAt).reversed())
            .toList();
    this.moves = List.copyOf(moves);
    this.aliases = Map.copyOf(aliases);
    for (DeployedRevision revision : revisions) {
      FunctionSpec spec = revision.manifest().function(name).orElseThrow();
      targets.put(revision.id(), new Target(tenant, name, revision.id(), spec.policy()));
    }
    allAliases().forEach((alias, revision) -> targetsByAlias.put(alias, target(revision)));
  }

  FunctionName name() {
    return name;
  }

  LiveMove live() {
    return moves.getLast();
  }

  List<LiveMove> moves() {
    return moves;
  }

  boolean has(RevisionId revision) {
    return targets.containsKey(revision);
  }

  Optional<Target> byAlias(String alias) {
    return Optional.ofNullable(targetsByAlias.get(alias));
  }

  Optional<Target> byPrefix(String prefix) {
    List<RevisionId> fitting =
        revisions.stream()
            .map(DeployedRevision::id)
            .filter(id -> id.hash().hex().startsWith(prefix))
            .toList();
    if (fitting.size() > 1) {
      throw RegistryException.ambiguousRevision(name, prefix, fitting);
    }
    return fitting.stream().findFirst().map(this::target);
  }

  Target liveTarget() {
    return target(live().revision());
  }

  FunctionView view() {
    DeployedRevision serving =
        revisions.stream()
            .filter(revision -> revision.id().equals(live().revision()))
            .findFirst()
            .orElseThrow();
    return new FunctionView(
        name,
        live().revision(),
        live().movedAt(),
        allAliases(),
        revisions.stream().map(DeployedRevision::view).toList(),
        serving.manifest().function(name).orElseThrow());
  }

  /** What to remember of live once it points to another revision. */
  static List<LiveMove> moved(@Nullable DeployedFunction function, LiveMove move) {
    var all = new ArrayList<LiveMove>(function == null ? List.of() : function.moves);
    all.add(move);
    return all;
  }

  /** What to remember of live once it points where it did before, of which there is something. */
  List<LiveMove> movedBack(Instant now) {
    var left = new ArrayList<>(moves.subList(0, moves.size() - 1));
    left.add(new LiveMove(left.removeLast().revision(), now));
    return left;
  }

  /** The revisions that an alias names, or that so many of the latest moves of live need. */
  Set<RevisionId> referred(int latestMoves) {
    Set<RevisionId> referred = new HashSet<>(aliases.values());
    moves.stream()
        .skip(Math.max(0, moves.size() - latestMoves))
        .forEach(move -> referred.add(move.revision()));
    return referred;
  }

  /** The names of its aliases but live. */
  Set<String> aliasNames() {
    return aliases.keySet();
  }

  /** All revisions that have it. */
  List<RevisionId> revisionIds() {
    return revisions.stream().map(DeployedRevision::id).toList();
  }

  private Map<String, RevisionId> allAliases() {
    var all = new TreeMap<>(aliases);
    all.put(FunctionReference.LIVE, live().revision());
    return Collections.unmodifiableMap(all);
  }

  private Target target(RevisionId revision) {
    Target target = targets.get(revision);
    if (target == null) {
      throw new IllegalStateException("function " + name + " has no revision " + revision);
    }
    return target;
  }
}
