package dev.fanfare.registry;

import dev.fanfare.blob.Blobs;
import dev.fanfare.ledger.RevisionTable;
import dev.fanfare.ledger.RevisionTable.Alias;
import dev.fanfare.ledger.RevisionTable.LiveMove;
import dev.fanfare.ledger.RevisionTable.Part;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What is deployed. Reads answer from memory without locks and may come from event loops; changes
 * are on disk before they are seen, one at a time, and block.
 */
public final class Registry {
  private final RevisionTable table;
  private final Blobs blobs;
  private final Clock clock;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Snapshot snapshot;

  private Registry(RevisionTable table, Blobs blobs, Clock clock, Snapshot snapshot) {
    this.table = table;
    this.blobs = blobs;
    this.clock = clock;
    this.snapshot = snapshot;
  }

  /** The registry that the table holds; manifests that the blobs lack are put there again. */
  public static Registry load(RevisionTable table, Blobs blobs, Clock clock) {
    RevisionTable.Contents contents = table.load();
    for (RevisionTable.Revision revision : contents.revisions()) {
      if (!blobs.has(revision.id().hash())) {
        blobs.put(revision.manifest().getBytes(StandardCharsets.UTF_8));
      }
    }
    return new Registry(table, blobs, clock, Snapshot.of(contents));
  }

  // ---- looking ----

  /**
   * What the reference means now.
   *
   * @throws RegistryException if a revision's first digits fit several
   */
  public Optional<Target> resolve(TenantId tenant, FunctionReference reference) {
    DeployedFunction function = snapshot.function(tenant, reference.name());
    if (function == null) {
      return Optional.empty();
    }
    return reference.revisionPrefix().isPresent()
        ? function.byPrefix(reference.revisionPrefix().get())
        : function.byAlias(reference.alias().orElse(FunctionReference.LIVE));
  }

  /** The tenant's functions, sorted by name. */
  public List<FunctionView> functions(TenantId tenant) {
    return snapshot.functions(tenant).stream().map(DeployedFunction::view).toList();
  }

  /** One function. */
  public Optional<FunctionView> function(TenantId tenant, FunctionName name) {
    return Optional.ofNullable(snapshot.function(tenant, name)).map(DeployedFunction::view);
  }

  /** The manifest of a revision that was ever deployed, in whatever tenant. */
  public Optional<RevisionManifest> manifest(RevisionId id) {
    return Optional.ofNullable(snapshot.revisions().get(id)).map(DeployedRevision::manifest);
  }

  /** Whether a revision needs this blob: its manifest or its artifact. */
  public boolean needs(Sha256 hash) {
    return snapshot.needs(hash);
  }

  // ---- changing ----

  /**
   * Makes this revision live for all its functions. The artifact must be among the blobs; the
   * manifest is put there.
   */
  public Deployment deploy(TenantId tenant, RevisionManifest manifest) {
    byte[] bytes = Manifests.write(manifest);
    RevisionId id = new RevisionId(blobs.put(bytes));
    changing.lock();
    try {
      Snapshot before = snapshot;
      DeployedRevision known = before.revisions().get(id);
      DeployedRevision revision = known != null ? known : new DeployedRevision(id, now(), manifest);
      Map<FunctionName, RevisionId> replaced = new LinkedHashMap<>();
      List<LiveMove> moves = new ArrayList<>();
      List<Part> parts = new ArrayList<>();
      for (FunctionSpec spec : manifest.functions()) {
        DeployedFunction function = before.function(tenant, spec.name());
        if (function == null || !function.live().revision().equals(id)) {
          moves.add(nextMove(tenant, spec.name(), function, id));
          parts.add(new Part(tenant, spec.name(), id));
        }
        if (function != null && !function.live().revision().equals(id)) {
          replaced.put(spec.name(), function.live().revision());
        }
      }
      if (known == null || !moves.isEmpty()) {
        table.deploy(
            new RevisionTable.Revision(
                id, revision.createdAt(), new String(bytes, StandardCharsets.UTF_8)),
            parts,
            moves);
        snapshot = before.with(tenant, revision, moves);
      }
      return new Deployment(
          id,
          known == null || !moves.isEmpty(),
          manifest.functions().stream().map(FunctionSpec::name).sorted().toList(),
          replaced);
    } finally {
      changing.unlock();
    }
  }

  /**
   * Points an alias, {@code live} or another, new or not, to a revision that has the function.
   *
   * @throws RegistryException {@code no-such-function}, {@code no-such-revision}
   */
  public void alias(TenantId tenant, FunctionName name, String alias, RevisionId revision) {
    FunctionReference.checkAlias(alias);
    changing.lock();
    try {
      DeployedFunction function = existing(tenant, name);
      if (!function.has(revision)) {
        throw RegistryException.noSuchRevision(name, revision);
      }
      if (alias.equals(FunctionReference.LIVE)) {
        if (!function.live().revision().equals(revision)) {
          LiveMove move = nextMove(tenant, name, function, revision);
          table.moveLive(move);
          snapshot = snapshot.with(tenant, function.moved(move));
        }
      } else {
        table.setAlias(new Alias(tenant, name, alias, revision), now());
        snapshot = snapshot.with(tenant, function.aliased(alias, revision));
      }
    } finally {
      changing.unlock();
    }
  }

  /**
   * Removes an alias other than {@code live}.
   *
   * @throws RegistryException {@code no-such-function}, {@code no-such-alias}, {@code live-alias}
   */
  public void removeAlias(TenantId tenant, FunctionName name, String alias) {
    changing.lock();
    try {
      DeployedFunction function = existing(tenant, name);
      if (alias.equals(FunctionReference.LIVE)) {
        throw RegistryException.liveStays(name);
      }
      if (function.byAlias(alias).isEmpty()) {
        throw RegistryException.noSuchAlias(name, alias);
      }
      table.removeAlias(tenant, name, alias);
      snapshot = snapshot.with(tenant, function.withoutAlias(alias));
    } finally {
      changing.unlock();
    }
  }

  /**
   * Points {@code live} to the revision that served before the present one. Done again, it goes
   * back further.
   *
   * @throws RegistryException {@code no-such-function}, {@code no-earlier-revision}
   */
  public Rollback rollback(TenantId tenant, FunctionName name) {
    changing.lock();
    try {
      DeployedFunction function = existing(tenant, name);
      LiveMove undone = function.live();
      if (function.moves().size() < 2) {
        throw RegistryException.nothingBefore(name, undone.revision());
      }
      Instant now = now();
      table.moveLiveBack(undone, now);
      DeployedFunction after = function.movedBack(now);
      snapshot = snapshot.with(tenant, after);
      return new Rollback(name, undone.revision(), after.live().revision());
    } finally {
      changing.unlock();
    }
  }

  /**
   * Removes a function and its aliases; what was accepted before still runs. False if there is
   * none.
   */
  public boolean delete(TenantId tenant, FunctionName name) {
    changing.lock();
    try {
      if (snapshot.function(tenant, name) == null) {
        return false;
      }
      table.deleteFunction(tenant, name);
      snapshot = snapshot.without(tenant, name);
      return true;
    } finally {
      changing.unlock();
    }
  }

  private DeployedFunction existing(TenantId tenant, FunctionName name) {
    DeployedFunction function = snapshot.function(tenant, name);
    if (function == null) {
      throw RegistryException.noSuchFunction(name);
    }
    return function;
  }

  private LiveMove nextMove(
      TenantId tenant,
      FunctionName name,
      @org.jspecify.annotations.Nullable DeployedFunction function,
      RevisionId to) {
    int step = function == null ? 1 : function.live().step() + 1;
    return new LiveMove(tenant, name, step, to, now());
  }

  /** As precise as the ledger keeps it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
