package dev.fanfare.cluster;

import com.hazelcast.core.HazelcastInstance;
import dev.fanfare.backup.Backup;
import dev.fanfare.blob.Blobs;
import dev.fanfare.journal.BurstHeads;
import dev.fanfare.key.Keys;
import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.InvocationHistory;
import dev.fanfare.ledger.LogHistory;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.registry.PauseBook;
import dev.fanfare.registry.Registry;
import dev.fanfare.registry.WorkerAddresses;
import dev.fanfare.shard.Mutant;
import dev.fanfare.shard.ShardEffects;
import dev.fanfare.shard.Shards;
import dev.fanfare.sharing.DirectoryGossip;
import dev.fanfare.sharing.Neighbours;
import dev.fanfare.sharing.SharedBlobs;
import dev.fanfare.sharing.SharedDeadLetters;
import dev.fanfare.sharing.SharedLogs;
import dev.fanfare.sharing.SharedStatistics;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process of the platform as the scheduler sees it: a cluster member with its shards, a data
 * folder with blobs, and a ledger, in the folder or shared, with registry and keys. Starting and
 * closing block; the rest is as the parts say.
 */
public final class SchedulerNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SchedulerNode.class);
  private static final Duration BETWEEN_EXCHANGES = Duration.ofSeconds(2);

  private final NodeId id;
  private final Storage storage;
  private final HazelcastInstance hazelcast;
  private final HazelcastShards shards;
  private final Mail mail;
  private final Neighbours neighbours;
  private final SharedLogs sharedLogs;
  private final SharedStatistics statistics;
  private final SharedDeadLetters deadLetters;
  private final Claims claims;
  private final AtomicBoolean closed = new AtomicBoolean();

  private SchedulerNode(
      NodeId id,
      Storage storage,
      HazelcastInstance hazelcast,
      HazelcastShards shards,
      Mail mail,
      Neighbours neighbours,
      int nodes) {
    this.id = id;
    this.storage = storage;
    this.hazelcast = hazelcast;
    this.shards = shards;
    this.mail = mail;
    this.neighbours = neighbours;
    Neighbours others = storage.ledger().shared() ? Neighbours.none() : neighbours;
    this.sharedLogs = SharedLogs.start(storage.ledger().logs(), others);
    this.statistics = SharedStatistics.start(storage.ledger().invocations(), others);
    this.deadLetters = SharedDeadLetters.start(storage.ledger().accepted().deadLetters(), others);
    this.claims = new Claims(hazelcast, nodes);
  }

  /**
   * Starts a node; storage and member at the same time.
   *
   * @throws dev.fanfare.ledger.LedgerException if its data folder cannot be used
   * @throws NodeException if it cannot be a member
   */
  public static SchedulerNode start(NodeConfiguration configuration, Clock clock) {
    Mutant.chosen().ifPresent(mutant -> log.error("this node breaks its promises: {}", mutant));
    DataFolder folder = DataFolder.open(configuration.dataDirectory());
    NodeId self = folder.nodeId();
    var storage = new FutureTask<>(() -> Storage.open(folder, configuration, clock));
    Thread.startVirtualThread(storage);
    HazelcastInstance hazelcast = null;
    try {
      var owner = new ShardOwner(configuration.shardCount(), configuration.limits(), clock);
      hazelcast = new Joining(configuration, self, owner).join();
      Storage opened = await(storage);
      var members = new Members(hazelcast);
      var neighbours = new ClusterNeighbours(hazelcast, self, members);
      share(opened, neighbours, configuration);
      var shards = new HazelcastShards(hazelcast, configuration.shardCount(), owner);
      var mail = new ClusterMail(hazelcast, self, members);
      int nodes = (int) configuration.join().stream().distinct().count();
      return new SchedulerNode(self, opened, hazelcast, shards, mail, neighbours, nodes);
    } catch (RuntimeException e) {
      giveUp(storage, hazelcast);
      throw e;
    }
  }

  /** This node's id. */
  public NodeId id() {
    return id;
  }

  /** The member, for a clustered event bus; closed with the node. */
  public HazelcastInstance hazelcast() {
    return hazelcast;
  }

  /** The port that other members reach this one at. */
  public int memberPort() {
    return hazelcast.getCluster().getLocalMember().getAddress().getPort();
  }

  /** The queue. */
  public Shards shards() {
    return shards;
  }

  /** Who hears, on this member, of ticks and of ready work from now on. */
  public void route(ShardEffects effects) {
    shards.route(effects);
  }

  /** Letters to and from the other nodes. */
  public Mail mail() {
    return mail;
  }

  /** Questions to and from the other nodes. */
  public Neighbours neighbours() {
    return neighbours;
  }

  /** What is deployed. */
  public Registry registry() {
    return storage.registry();
  }

  /** How many damaged rows of the ledger were met since the start. */
  public int damagedRows() {
    return storage.ledger().damagedRows();
  }

  /** What became of ended invocations. */
  public InvocationHistory history() {
    return storage.ledger().invocations();
  }

  /** Asynchronous invocations that have not ended. */
  public AcceptedWork accepted() {
    return storage.ledger().accepted();
  }

  /** What functions wrote, at all nodes. */
  public SharedLogs sharedLogs() {
    return sharedLogs;
  }

  /** What functions wrote whose workers have their sessions here. */
  public LogHistory logs() {
    return storage.ledger().logs();
  }

  /** Functions' figures, of all nodes. */
  public SharedStatistics statistics() {
    return statistics;
  }

  /** What failed for good, at all nodes. */
  public SharedDeadLetters deadLetters() {
    return deadLetters;
  }

  /** Bursts that go on by themselves. */
  public BurstHeads bursts() {
    return storage.bursts();
  }

  /** Names that one node at a time has. */
  public Claims claims() {
    return claims;
  }

  /** API keys. */
  public Keys keys() {
    return storage.keys();
  }

  /** What does not start for the time being. */
  public PauseBook pauses() {
    return storage.pauses();
  }

  /** Where workers listen that gateways are to dial. */
  public WorkerAddresses workerAddresses() {
    return storage.workerAddresses();
  }

  /** Jars, manifests, large payloads and results. */
  public Blobs blobs() {
    return storage.blobs();
  }

  /**
   * Writes everything durable of this node to a new file, which whoever asked deletes. Blocks.
   *
   * @throws dev.fanfare.backup.BackupException if that fails
   */
  public Path backup() {
    Path file = blobs().temporary();
    Backup.write(storage.ledger(), blobs(), file);
    return file;
  }

  /**
   * Hands its shards to the other members, leaves the cluster, writes what waits. Closing again
   * does nothing.
   */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try (storage) {
      storage.stopUpkeep();
      shards.close();
      hazelcast.shutdown();
    }
  }

  /** From here on this node knows what the others know, and they what it knows. */
  private static void share(
      Storage storage, Neighbours neighbours, NodeConfiguration configuration) {
    DirectoryGossip gossip = DirectoryGossip.start(storage.directory(), neighbours);
    if (!gossip.catchUp()) {
      throw NodeException.noDirectory();
    }
    storage.repeat(BETWEEN_EXCHANGES, gossip::exchange);
    if (storage.ledger().shared()) {
      storage.repeat(
          BETWEEN_EXCHANGES,
          () -> {
            if (storage.ledger().reachable()) {
              storage.directory().refresh();
            }
          });
    }
    SharedBlobs blobs = SharedBlobs.start(storage.blobs(), neighbours);
    if (configuration.holdsShards()) {
      storage.repeat(BETWEEN_EXCHANGES, () -> blobs.bringAll(storage.registry().needed()));
    }
  }

  private static Storage await(Future<Storage> storage) {
    try {
      return storage.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : NodeException.notStarted(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw NodeException.notStarted(e);
    }
  }

  private static void giveUp(Future<Storage> storage, @Nullable HazelcastInstance hazelcast) {
    if (hazelcast != null) {
      hazelcast.getLifecycleService().terminate();
    }
    try {
      storage.get().close();
    } catch (ExecutionException e) {
      // It did not open, so there is nothing to close; the caller is told why.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
