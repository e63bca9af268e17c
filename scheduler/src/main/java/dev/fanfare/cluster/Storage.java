package dev.fanfare.cluster;

import dev.fanfare.blob.Blobs;
import dev.fanfare.directory.Directory;
import dev.fanfare.journal.BurstHeads;
import dev.fanfare.key.Keys;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.registry.PauseBook;
import dev.fanfare.registry.Registry;
import dev.fanfare.registry.WorkerAddresses;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a node keeps in its data folder, opened and closed together, and its upkeep. */
final class Storage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Storage.class);
  private static final Duration BETWEEN_KEY_USES = Duration.ofSeconds(30);

  /** How long a revision is kept that nothing refers to. */
  private static final Duration REVISION_AGE = Duration.ofDays(30);

  private static final Duration BETWEEN_SWEEPS = Duration.ofMinutes(10);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(5);

  private final DataFolder folder;
  private final Ledger ledger;
  private final Directory directory;
  private final Blobs blobs;
  private final Registry registry;
  private final Keys keys;
  private final PauseBook pauses;
  private final WorkerAddresses workerAddresses;
  private final BurstHeads bursts;
  private final ScheduledExecutorService upkeep;

  private Storage(DataFolder folder, Ledger ledger, NodeConfiguration configuration, Clock clock) {
    this.folder = folder;
    this.ledger = ledger;
    this.blobs = Blobs.open(folder.path().resolve("blobs"), clock);
    this.directory = Directory.load(ledger.directory(), folder.nodeId(), clock);
    this.registry = Registry.load(directory, blobs, clock);
    this.keys = Keys.load(directory, ledger.keyUses(), clock);
    this.pauses = PauseBook.load(directory);
    this.workerAddresses = WorkerAddresses.load(directory);
    this.bursts = new BurstHeads(directory);
    this.upkeep =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("fanfare-upkeep").factory());
    repeat(BETWEEN_KEY_USES, keys::keepLastUses);
    repeat(BETWEEN_SWEEPS, directory::forgetExpired);
    repeat(
        BETWEEN_SWEEPS,
        () -> {
          forget(clock.instant().minus(REVISION_AGE));
          sweep(clock.instant().minus(configuration.blobAge()));
        });
  }

  /** Takes the folder over; it is closed with this, and if this cannot be opened. */
  static Storage open(DataFolder folder, NodeConfiguration configuration, Clock clock) {
    try {
      Ledger ledger = ledger(folder, configuration, clock);
      try {
        return new Storage(folder, ledger, configuration, clock);
      } catch (RuntimeException e) {
        ledger.close();
        throw e;
      }
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static Ledger ledger(DataFolder folder, NodeConfiguration configuration, Clock clock) {
    if (configuration.ledger().isEmpty()) {
      return Ledger.open(folder, configuration.history(), clock);
    }
    if (Files.exists(folder.path().resolve("ledger.db"))) {
      LOG.warn("{} has a ledger of its own, from before; it is left alone", folder.path());
    }
    return Ledger.open(
        configuration.ledger().get(), folder.nodeId(), configuration.history(), clock);
  }

  Ledger ledger() {
    return ledger;
  }

  Directory directory() {
    return directory;
  }

  Blobs blobs() {
    return blobs;
  }

  Registry registry() {
    return registry;
  }

  Keys keys() {
    return keys;
  }

  WorkerAddresses workerAddresses() {
    return workerAddresses;
  }

  BurstHeads bursts() {
    return bursts;
  }

  PauseBook pauses() {
    return pauses;
  }

  /** Repeats nothing any more; what is under way is waited for, a moment at most. */
  void stopUpkeep() {
    upkeep.shutdown();
    try {
      if (!upkeep.awaitTermination(LONGEST_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("upkeep of the data folder goes on while the node closes");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stopUpkeep();
    try (folder;
        ledger) {
      keys.keepLastUses();
    }
  }

  private void forget(Instant before) {
    int forgotten = registry.forget(before, ledger.accepted().revisions());
    if (forgotten > 0) {
      LOG.info("forgot {} revisions that nothing refers to since {}", forgotten, before);
    }
  }

  private void sweep(Instant before) {
    Set<Sha256> payloads = new HashSet<>(ledger.accepted().payloadBlobs());
    payloads.addAll(bursts.blobs());
    int removed = blobs.sweep(before, blob -> registry.needs(blob) || payloads.contains(blob));
    if (removed > 0) {
      LOG.info("removed {} blobs that were last written before {}", removed, before);
    }
  }

  /** Does this again and again, on the thread of the upkeep, until it is closed. */
  void repeat(Duration pause, Runnable work) {
    var _ =
        upkeep.scheduleWithFixedDelay(
            () -> {
              try {
                work.run();
              } catch (RuntimeException e) {
                LOG.warn("upkeep of the data folder failed; it is tried again in {}", pause, e);
              }
            },
            pause.toMillis(),
            pause.toMillis(),
            TimeUnit.MILLISECONDS);
  }
}
