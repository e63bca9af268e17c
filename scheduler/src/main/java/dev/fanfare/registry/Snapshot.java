package dev.fanfare.registry;

import dev.fanfare.directory.Directory;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Scale;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that is deployed at one moment; immutable, so that it is read without locks. */
final class Snapshot {
  static final Snapshot NOTHING = new Snapshot(Map.of(), Map.of());

  private final Map<RevisionId, DeployedRevision> revisions;
  private final Map<TenantId, SortedMap<FunctionName, DeployedFunction>> tenants;
  private final Set<Sha256> needed = new HashSet<>();
  private final List<Target> scaled;

  /** A tenant's function. */
  private record Place(TenantId tenant, FunctionName function) {
    static Place of(String[] path) {
      return new Place(new TenantId(path[0]), new FunctionName(path[1]));
    }
  }

  private Snapshot(
      Map<RevisionId, DeployedRevision> revisions,
      Map<TenantId, SortedMap<FunctionName, DeployedFunction>> tenants) {
    this.revisions = revisions;
    this.tenants = tenants;
    for (DeployedRevision revision : revisions.values()) {
      needed.add(revision.id().hash());
      needed.addAll(revision.manifest().blobs());
    }
    this.scaled =
        tenants.values().stream()
            .flatMap(functions -> functions.values().stream())
            .map(DeployedFunction::liveTarget)
            .filter(target -> !target.policy().scale().equals(Scale.DEFAULT))
            .toList();
  }

  /**
   * What the directory holds. Entries of one deployment may come one after the other from another
   * node: what refers to a revision that is not here yet does not count yet.
   *
   * @param before has the revisions that need not be read again
   */
  static Snapshot of(Directory directory, Snapshot before) {
    Map<RevisionId, DeployedRevision> revisions = new HashMap<>();
    directory
        .under(Entries.REVISIONS)
        .forEach(
            (text, value) -> {
              RevisionId id = RevisionId.parse(text);
              DeployedRevision known = before.revisions.get(id);
              revisions.put(id, known != null ? known : Entries.revision(id, value));
            });
    Map<Place, Map<String, RevisionId>> aliases = aliases(directory, revisions.keySet());
    Map<Place, List<RevisionId>> parts = parts(directory, revisions.keySet());
    Map<TenantId, SortedMap<FunctionName, DeployedFunction>> tenants = new HashMap<>();
    directory
        .under(Entries.LIVE)
        .forEach(
            (path, value) -> {
              Place place = Place.of(path.split("/", 2));
              List<LiveMove> moves =
                  Entries.moves(value).stream()
                      .filter(move -> has(revisions.get(move.revision()), place.function))
                      .toList();
              if (!moves.isEmpty()) {
                Set<RevisionId> all = new LinkedHashSet<>(parts.getOrDefault(place, List.of()));
                moves.forEach(move -> all.add(move.revision()));
                tenants
                    .computeIfAbsent(place.tenant, tenant -> new TreeMap<>())
                    .put(
                        place.function,
                        new DeployedFunction(
                            place.tenant,
                            place.function,
                            all.stream()
                                .map(revisions::get)
                                .filter(revision -> has(revision, place.function))
                                .toList(),
                            moves,
                            only(all, aliases.getOrDefault(place, Map.of()))));
              }
            });
    return new Snapshot(revisions, tenants);
  }

  /** What live stands for, of the functions that say how many runtimes they have. */
  List<Target> scaled() {
    return scaled;
  }

  Map<RevisionId, DeployedRevision> revisions() {
    return revisions;
  }

  @Nullable DeployedFunction function(TenantId tenant, FunctionName name) {
    SortedMap<FunctionName, DeployedFunction> functions = tenants.get(tenant);
    return functions == null ? null : functions.get(name);
  }

  Collection<DeployedFunction> functions(TenantId tenant) {
    SortedMap<FunctionName, DeployedFunction> functions = tenants.get(tenant);
    return functions == null ? List.of() : functions.values();
  }

  /** The revisions that functions of any tenant refer to. */
  Set<RevisionId> referred(int latestMoves) {
    Set<RevisionId> referred = new HashSet<>();
    tenants
        .values()
        .forEach(
            functions ->
                functions
                    .values()
                    .forEach(function -> referred.addAll(function.referred(latestMoves))));
    return referred;
  }

  boolean needs(Sha256 hash) {
    return needed.contains(hash);
  }

  /** Every blob that a revision needs. */
  Set<Sha256> needed() {
    return needed;
  }

  private static Map<String, RevisionId> only(
      Set<RevisionId> known, Map<String, RevisionId> aliases) {
    Map<String, RevisionId> left = new HashMap<>(aliases);
    left.values().retainAll(known);
    return left;
  }

  private static boolean has(@Nullable DeployedRevision revision, FunctionName function) {
    return revision != null && revision.manifest().function(function).isPresent();
  }

  private static Map<Place, List<RevisionId>> parts(Directory directory, Set<RevisionId> known) {
    Map<Place, List<RevisionId>> parts = new HashMap<>();
    for (String path : directory.under(Entries.PARTS).keySet()) {
      String[] names = path.split("/", 3);
      RevisionId revision = RevisionId.parse(names[2]);
      if (known.contains(revision)) {
        parts.computeIfAbsent(Place.of(names), place -> new ArrayList<>()).add(revision);
      }
    }
    return parts;
  }

  private static Map<Place, Map<String, RevisionId>> aliases(
      Directory directory, Set<RevisionId> known) {
    Map<Place, Map<String, RevisionId>> aliases = new HashMap<>();
    directory
        .under(Entries.ALIASES)
        .forEach(
            (path, value) -> {
              String[] names = path.split("/", 3);
              RevisionId revision = Entries.alias(value);
              if (known.contains(revision)) {
                aliases
                    .computeIfAbsent(Place.of(names), place -> new HashMap<>())
                    .put(names[2], revision);
              }
            });
    return aliases;
  }
}
