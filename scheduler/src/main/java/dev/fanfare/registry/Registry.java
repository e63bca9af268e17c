package dev.fanfare.registry;

import dev.fanfare.blob.Blobs;
import dev.fanfare.directory.Directory;
import dev.fanfare.ledger.DirectoryTable.Row;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is deployed in the cluster. Reads answer from memory without locks and may come from event
 * loops; changes are on disk here before they are seen, one at a time, are offered to the other
 * nodes before they return, and block.
 */
public final class Registry {
  /** How often a function can be rolled back, however long ago that was deployed. */
  static final int ROLLBACKS = 10;

  private static final RevisionId BUILTIN = Manifests.id(Builtins.manifest());

  /** The blobs of the platform's own functions. */
  private static final Set<Sha256> OWN = Set.of(BUILTIN.hash(), Builtins.manifest().artifact());

  private final Directory directory;
  private final Blobs blobs;
  private final Clock clock;
  private final ReentrantLock changing = new ReentrantLock();
  private final List<Consumer<RevisionId>> listeners = new CopyOnWriteArrayList<>();
  private volatile Snapshot snapshot = Snapshot.NOTHING;

  private Registry(Directory directory, Blobs blobs, Clock clock) {
    this.directory = directory;
    this.blobs = blobs;
    this.clock = clock;
  }

  /** The registry that the directory holds; manifests that the blobs lack are put there again. */
  public static Registry load(Directory directory, Blobs blobs, Clock clock) {
    Registry registry = new Registry(directory, blobs, clock);
    blobs.putHere(Builtins.artifact());
    blobs.putHere(Manifests.write(Builtins.manifest()));
    directory.onChange(registry::changed);
    registry.changed(List.copyOf(directory.rows()));
    return registry;
  }

  /** Entries changed, here or elsewhere. */
  private void changed(List<Row> rows) {
    if (rows.stream().noneMatch(row -> Entries.isOurs(row.key()))) {
      return;
    }
    for (Row row : rows) {
      if (row.key().startsWith(Entries.REVISIONS) && row.value() != null) {
        keepManifest(row.key().substring(Entries.REVISIONS.length()), row.value());
      }
    }
    snapshot = Snapshot.of(directory, snapshot);
    if (!listeners.isEmpty()) {
      nowLive(rows).forEach(id -> listeners.forEach(listener -> listener.accept(id)));
    }
  }

  private static Set<RevisionId> nowLive(List<Row> rows) {
    Set<RevisionId> revisions = new LinkedHashSet<>();
    for (Row row : rows) {
      if (row.key().startsWith(Entries.LIVE) && row.value() != null) {
        List<LiveMove> moves = Entries.moves(row.value());
        if (!moves.isEmpty()) {
          revisions.add(moves.getLast().revision());
        }
      }
    }
    return revisions;
  }

  /**
   * Is to be told which revisions become live from now on, at whichever node; must neither write
   * here nor block.
   */
  public void onLive(Consumer<RevisionId> listener) {
    listeners.add(listener);
  }

  private void keepManifest(String id, byte[] value) {
    if (!blobs.has(RevisionId.parse(id).hash())) {
      blobs.putHere(Entries.manifest(value));
    }
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
      return Builtins.target(tenant, reference);
    }
    return reference.revisionPrefix().isPresent()
        ? function.byPrefix(reference.revisionPrefix().get())
        : function.byAlias(reference.alias().orElse(FunctionReference.LIVE));
  }

  /** The tenant's functions, sorted by name, less those with names of the platform's own. */
  public List<FunctionView> functions(TenantId tenant) {
    return snapshot.functions(tenant).stream()
        .map(DeployedFunction::view)
        .filter(function -> !function.name().reserved())
        .toList();
  }

  /** The live functions of all tenants that say how many runtimes they have. */
  public List<Target> scaled() {
    return snapshot.scaled();
  }

  /** One function. */
  public Optional<FunctionView> function(TenantId tenant, FunctionName name) {
    return Optional.ofNullable(snapshot.function(tenant, name)).map(DeployedFunction::view);
  }

  /** The manifest of a revision that was ever deployed, in whatever tenant. */
  public Optional<RevisionManifest> manifest(RevisionId id) {
    return id.equals(BUILTIN)
        ? Optional.of(Builtins.manifest())
        : Optional.ofNullable(snapshot.revisions().get(id)).map(DeployedRevision::manifest);
  }

  /** Whether a revision needs this blob: its manifest or its artifact. */
  public boolean needs(Sha256 hash) {
    return OWN.contains(hash) || snapshot.needs(hash);
  }

  /** Every blob that a revision needs. */
  public Set<Sha256> needed() {
    Set<Sha256> needed = new HashSet<>(snapshot.needed());
    needed.addAll(OWN);
    return needed;
  }

  // ---- changing ----

  /**
   * Makes this revision live for all its functions. The artifact must be among the blobs; the
   * manifest is put there.
   */
  public Deployment deploy(TenantId tenant, RevisionManifest manifest) {
    byte[] bytes = Manifests.write(manifest);
    RevisionId id = new RevisionId(blobs.putHere(bytes));
    changing.lock();
    try {
      Snapshot before = snapshot;
      DeployedRevision known = before.revisions().get(id);
      DeployedRevision revision = known != null ? known : new DeployedRevision(id, now(), manifest);
      Map<FunctionName, RevisionId> replaced = new LinkedHashMap<>();
      Map<String, Optional<byte[]>> entries = new LinkedHashMap<>();
      for (FunctionSpec spec : manifest.functions()) {
        DeployedFunction function = before.function(tenant, spec.name());
        if (function == null || !function.live().revision().equals(id)) {
          entries.put(Entries.part(tenant, spec.name(), id), Optional.of(Entries.empty()));
          entries.put(Entries.live(tenant, spec.name()), moved(function, id));
        }
        if (function != null && !function.live().revision().equals(id)) {
          replaced.put(spec.name(), function.live().revision());
        }
      }
      if (known == null) {
        entries.put(Entries.revision(id), Optional.of(Entries.write(revision)));
      }
      if (!entries.isEmpty()) {
        directory.write(entries);
      }
      return new Deployment(
          id,
          !entries.isEmpty(),
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
          directory.write(Map.of(Entries.live(tenant, name), moved(function, revision)));
        }
      } else {
        directory.write(
            Map.of(Entries.alias(tenant, name, alias), Optional.of(Entries.writeAlias(revision))));
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
      directory.write(Map.of(Entries.alias(tenant, name, alias), Optional.empty()));
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
      List<LiveMove> left = function.movedBack(now());
      directory.write(Map.of(Entries.live(tenant, name), Optional.of(Entries.write(left))));
      return new Rollback(name, undone.revision(), left.getLast().revision());
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
      DeployedFunction function = snapshot.function(tenant, name);
      if (function == null) {
        return false;
      }
      Map<String, Optional<byte[]>> gone = new LinkedHashMap<>();
      gone.put(Entries.live(tenant, name), Optional.empty());
      function
          .aliasNames()
          .forEach(alias -> gone.put(Entries.alias(tenant, name, alias), Optional.empty()));
      function
          .revisionIds()
          .forEach(revision -> gone.put(Entries.part(tenant, name, revision), Optional.empty()));
      directory.write(gone);
      return true;
    } finally {
      changing.unlock();
    }
  }

  /**
   * Forgets the revisions that were deployed, or lost a function, before the given time and that
   * nothing refers to: no alias, none of the {@value #ROLLBACKS} rollbacks that a function can
   * have, no work. What needs their blobs then is nobody.
   *
   * @param inUse those that work is to run
   * @return how many
   */
  public int forget(Instant before, Set<RevisionId> inUse) {
    changing.lock();
    try {
      Set<RevisionId> kept = snapshot.referred(ROLLBACKS + 1);
      Set<String> touched = touchedSince(before);
      Set<String> forgotten = new HashSet<>();
      for (RevisionId id : snapshot.revisions().keySet()) {
        if (!kept.contains(id) && !inUse.contains(id) && !touched.contains(id.toString())) {
          forgotten.add(id.toString());
        }
      }
      Map<String, Optional<byte[]>> gone = new LinkedHashMap<>();
      for (Row row : directory.rows()) {
        boolean removed = Entries.revisionOf(row.key()).filter(forgotten::contains).isPresent();
        if (removed && row.value() != null) {
          gone.put(row.key(), Optional.empty());
        }
      }
      if (!gone.isEmpty()) {
        directory.write(gone);
      }
      return forgotten.size();
    } finally {
      changing.unlock();
    }
  }

  private Set<String> touchedSince(Instant time) {
    long micros = Entries.micros(time);
    Set<String> touched = new HashSet<>();
    for (Row row : directory.rows()) {
      if (row.time() >= micros) {
        Entries.revisionOf(row.key()).ifPresent(touched::add);
      }
    }
    return touched;
  }

  private DeployedFunction existing(TenantId tenant, FunctionName name) {
    DeployedFunction function = snapshot.function(tenant, name);
    if (function == null) {
      throw RegistryException.noSuchFunction(name);
    }
    return function;
  }

  private Optional<byte[]> moved(@Nullable DeployedFunction function, RevisionId to) {
    return Optional.of(Entries.write(DeployedFunction.moved(function, new LiveMove(to, now()))));
  }

  /** As precise as the ledger keeps it. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }
}
