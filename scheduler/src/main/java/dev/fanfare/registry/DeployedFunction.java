package dev.fanfare.registry;

import dev.fanfare.ledger.RevisionTable.LiveMove;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's function, immutable: its revisions, where its aliases point, where live pointed
 * before.
 */
final class DeployedFunction {
  private final TenantId tenant;
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
    this.tenant = tenant;
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

  /** With one revision more, or the same if it is there. */
  static DeployedFunction deployed(
      @Nullable DeployedFunction function, DeployedRevision revision, LiveMove move) {
    if (function == null) {
      return new DeployedFunction(
          move.tenant(), move.function(), List.of(revision), List.of(move), Map.of());
    }
    if (function.has(revision.id())) {
      return function.moved(move);
    }
    var revisions = new ArrayList<>(function.revisions);
    revisions.add(revision);
    return new DeployedFunction(
            function.tenant, function.name, revisions, function.moves, function.aliases)
        .moved(move);
  }

  DeployedFunction moved(LiveMove move) {
    var all = new ArrayList<>(moves);
    all.add(move);
    return new DeployedFunction(tenant, name, revisions, all, aliases);
  }

  DeployedFunction movedBack(Instant now) {
    var left = new ArrayList<>(moves.subList(0, moves.size() - 1));
    LiveMove again = left.removeLast();
    left.add(new LiveMove(tenant, name, again.step(), again.revision(), now));
    return new DeployedFunction(tenant, name, revisions, left, aliases);
  }

  DeployedFunction aliased(String alias, RevisionId revision) {
    var all = new HashMap<>(aliases);
    all.put(alias, revision);
    return new DeployedFunction(tenant, name, revisions, moves, all);
  }

  DeployedFunction withoutAlias(String alias) {
    var left = new HashMap<>(aliases);
    left.remove(alias);
    return new DeployedFunction(tenant, name, revisions, moves, left);
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
