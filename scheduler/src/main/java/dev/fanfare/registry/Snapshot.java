package dev.fanfare.registry;

import dev.fanfare.ledger.RevisionTable;
import dev.fanfare.ledger.RevisionTable.LiveMove;
import dev.fanfare.ledger.RevisionTable.Part;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that is deployed at one moment; immutable, so that it is read without locks. */
final class Snapshot {
  private final Map<RevisionId, DeployedRevision> revisions;
  private final Map<TenantId, SortedMap<FunctionName, DeployedFunction>> tenants;
  private final Set<Sha256> needed = new HashSet<>();

  private Snapshot(
      Map<RevisionId, DeployedRevision> revisions,
      Map<TenantId, SortedMap<FunctionName, DeployedFunction>> tenants) {
    this.revisions = revisions;
    this.tenants = tenants;
    for (DeployedRevision revision : revisions.values()) {
      needed.add(revision.id().hash());
      needed.add(revision.manifest().artifact());
    }
  }

  static Snapshot of(RevisionTable.Contents contents) {
    Map<RevisionId, DeployedRevision> revisions = new HashMap<>();
    for (RevisionTable.Revision stored : contents.revisions()) {
      byte[] manifest = stored.manifest().getBytes(StandardCharsets.UTF_8);
      revisions.put(
          stored.id(),
          new DeployedRevision(stored.id(), stored.createdAt(), Manifests.read(manifest)));
    }
    Map<TenantId, SortedMap<FunctionName, DeployedFunction>> tenants = new HashMap<>();
    for (LiveMove move : contents.moves()) {
      tenants
          .computeIfAbsent(move.tenant(), tenant -> new TreeMap<>())
          .computeIfAbsent(
              move.function(), name -> function(contents, revisions, move.tenant(), name));
    }
    return new Snapshot(revisions, tenants);
  }

  private static DeployedFunction function(
      RevisionTable.Contents contents,
      Map<RevisionId, DeployedRevision> revisions,
      TenantId tenant,
      FunctionName name) {
    List<DeployedRevision> parts =
        contents.parts().stream()
            .filter(part -> part.tenant().equals(tenant) && part.function().equals(name))
            .map(Part::revision)
            .map(revisions::get)
            .toList();
    List<LiveMove> moves =
        contents.moves().stream()
            .filter(move -> move.tenant().equals(tenant) && move.function().equals(name))
            .toList();
    Map<String, RevisionId> aliases = new HashMap<>();
    contents.aliases().stream()
        .filter(alias -> alias.tenant().equals(tenant) && alias.function().equals(name))
        .forEach(alias -> aliases.put(alias.alias(), alias.revision()));
    return new DeployedFunction(tenant, name, parts, moves, aliases);
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

  boolean needs(Sha256 hash) {
    return needed.contains(hash);
  }

  /** With a revision, new or not, that is live from these moves on. */
  Snapshot with(TenantId tenant, DeployedRevision revision, List<LiveMove> moves) {
    var all = new HashMap<>(revisions);
    all.put(revision.id(), revision);
    var functions = copy(tenant);
    for (LiveMove move : moves) {
      functions.compute(
          move.function(), (name, before) -> DeployedFunction.deployed(before, revision, move));
    }
    return replace(all, tenant, functions);
  }

  /** With this function instead of the one of its name. */
  Snapshot with(TenantId tenant, DeployedFunction function) {
    var functions = copy(tenant);
    functions.put(function.name(), function);
    return replace(revisions, tenant, functions);
  }

  Snapshot without(TenantId tenant, FunctionName name) {
    var functions = copy(tenant);
    functions.remove(name);
    return replace(revisions, tenant, functions);
  }

  private SortedMap<FunctionName, DeployedFunction> copy(TenantId tenant) {
    SortedMap<FunctionName, DeployedFunction> functions = tenants.get(tenant);
    return functions == null ? new TreeMap<>() : new TreeMap<>(functions);
  }

  private Snapshot replace(
      Map<RevisionId, DeployedRevision> all,
      TenantId tenant,
      SortedMap<FunctionName, DeployedFunction> functions) {
    var others = new HashMap<>(tenants);
    others.put(tenant, functions);
    return new Snapshot(all, others);
  }
}
