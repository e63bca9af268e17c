package dev.fanfare.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What of a cold start counts against an attempt's timeout. */
@Timeout(120)
class WorkerStartTest {
  private static final long SECOND_MICROS = 1_000_000;

  @TempDir Path folder;

  @Test
  void theStartOfTheProcessDoesNot() throws Exception {
    try (var worker = new StartedWorker(folder, plain -> plain.withJava(slowJava(3)))) {
      Settlement settlement = worker.run("quick", "");

      assertThat(settlement.outcome()).isInstanceOf(Outcome.Success.class);
      assertThat(settlement.usage().coldMicros()).isGreaterThan(2 * SECOND_MICROS);
      assertThat(settlement.usage().runMicros()).isLessThan(SECOND_MICROS);
    }
  }

  @Test
  void theInitialiserOfAClassOfTheFunctionsDoes() throws Exception {
    try (var worker = new StartedWorker(folder)) {
      Settlement settlement = worker.run("hasty", "");

      assertThat(StartedWorker.fault(settlement).code()).isEqualTo(FailureCode.TIMED_OUT);
      assertThat(settlement.usage().runMicros()).isLessThan(3 * SECOND_MICROS);
    }
  }

  @Test
  void aClassThatTheTimeoutSpoiledIsInitialisedAnewByTheNextAttempt() throws Exception {
    try (var worker = new StartedWorker(folder)) {
      assertThat(worker.fault("hasty", "").code()).isEqualTo(FailureCode.TIMED_OUT);

      assertThat(worker.text("patient", "")).isEqualTo("late");
    }
  }

  /** A Java that starts so many seconds late. */
  private Path slowJava(int seconds) {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    try {
      Path script = folder.resolve("slow-java");
      Files.writeString(script, "#!/bin/sh\nsleep " + seconds + "\nexec '" + java + "' \"$@\"\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
      return script;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
