package dev.fanfare.dispatch;

import dev.fanfare.ledger.AcceptedWork;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.shard.Submission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A ledger in a folder that goes with it. */
final class TemporaryLedger implements AutoCloseable {
  private final Path path;
  private DataFolder folder;
  private Ledger ledger;

  TemporaryLedger() {
    try {
      path = Files.createTempDirectory("ledger");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    folder = DataFolder.open(path);
    ledger = Ledger.open(folder, Retention.DEFAULT, Clock.systemUTC());
  }

  Ledger ledger() {
    return ledger;
  }

  AcceptedWork accepted() {
    return ledger.accepted();
  }

  /** What the ledger has of accepted work. */
  Submission find(InvocationId id) {
    return accepted().find(Submissions.TENANT, id, new NodeId("somebody")).orElseThrow();
  }

  /** Writes nothing more until the gate is open: this work was the last. */
  void hold(Submission last, CompletionStage<Void> gate) {
    var held = new CompletableFuture<Boolean>();
    Thread caller = Thread.currentThread();
    accepted()
        .accept(List.of(last))
        .thenRun(
            () -> {
              boolean writing = !Thread.currentThread().equals(caller);
              held.complete(writing);
              if (writing) {
                gate.toCompletableFuture().join();
              }
            });
    if (!held.join()) {
      hold(last, gate); // it was written before anybody listened
    }
  }

  /** Closes the ledger and opens it again, as a restart does. */
  void reopen() {
    ledger.close();
    folder.close();
    folder = DataFolder.open(path);
    ledger = Ledger.open(folder, Retention.DEFAULT, Clock.systemUTC());
  }

  @Override
  public void close() {
    ledger.close();
    folder.close();
    try (var files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
