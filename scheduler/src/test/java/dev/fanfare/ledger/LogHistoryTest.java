package dev.fanfare.ledger;

import static dev.fanfare.ledger.HistoryExamples.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(LedgerPlace.class)
class LogHistoryTest {
  private static final long NOW = System.currentTimeMillis();

  @Parameter private LedgerPlace place;
  @TempDir private Path data;

  @Test
  void linesComeBackByAttemptInTheOrderTheyWereWritten() {
    try (DataFolder folder = DataFolder.open(data);
        Ledger ledger = place.open(folder, Retention.DEFAULT, Clock.systemUTC())) {
      InvocationId id = id(NOW, 1);
      LogLine first = new LogLine(id, 1, 1, 7, "out", "", "grüß <b>dich</b>");
      LogLine second = new LogLine(id, 1, 2, 8, "log", "WARNING", "");
      LogLine retried = new LogLine(id, 2, 1, 9, "err", "", "again");
      LogLine other = new LogLine(id(NOW, 2), 1, 1, 9, "err", "", "another's");
      LogHistory logs = ledger.logs();
      logs.append(List.of(retried, other, second)).toCompletableFuture().join();
      logs.append(List.of(first, second)).toCompletableFuture().join();

      assertThat(logs.read(id, 0, 0, 10)).containsExactly(first, second, retried);
      assertThat(logs.read(id, 1, 1, 10)).containsExactly(second, retried);
      assertThat(logs.read(id, 1, 2, 10)).containsExactly(retried);
      assertThat(logs.read(id, 2, 1, 10)).isEmpty();
      assertThat(logs.read(id, 0, 0, 2)).containsExactly(first, second);
      assertThatThrownBy(() -> logs.read(id, 0, 0, LogHistory.MOST_LINES + 1))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
