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
