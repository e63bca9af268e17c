package dev.fanfare.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.Event.Action;
import dev.fanfare.history.Event.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HistoryTest {
  @TempDir Path folder;

  @Test
  void whatClientsSeeIsInTheFileAsItIsInMemory() throws IOException {
    Path file = folder.resolve("history");
    try (var history = new History(file)) {
      history.begin(Action.SUBMIT, "t", "", "k").ok("a", "", 0);
      history.begin(Action.READ, "", "a", "").ok("a", "good", 7);
      history.begin(Action.CALL, "u", "", "").info("", "the connection went");

      assertThat(Files.readAllLines(file).stream().map(Event::parse))
          .isEqualTo(history.events())
          .hasSize(6);
    }
  }

  @Test
  void aFaultStrikesWhatIsUnderWayAndWhatWasAcceptedAndNotSeenToEnd() {
    try (var history = new History(folder.resolve("history"))) {
      history.begin(Action.SUBMIT, "t", "", "").ok("a", "", 0);
      history.begin(Action.SUBMIT, "u", "", "").ok("b", "", 0);
      history.begin(Action.CALL, "v", "", "");
      assertThat(history.fault("worker", "kill -9")).isEqualTo(3);
      history.begin(Action.READ, "", "a", "").ok("a", "good", 1);

      assertThat(history.fault(History.NODE_DEATH, "kill -9")).isEqualTo(2);
      Event last = history.events().getLast();
      assertThat(last.kind()).isEqualTo(Kind.INFO);
      assertThat(last.fence()).isEqualTo(2);
    }
  }

  @Test
  void aTornLastLineOfAFunctionsFileIsNone() throws IOException {
    Files.writeString(folder.resolve("1-2"), "a t 1 10 5\nb u 2 11 6\nc v 1");

    assertThat(new RecordingFunction(folder).executions())
        .containsExactly(
            new Execution("1-2", 0, "a", "t", 1, 10, 5),
            new Execution("1-2", 1, "b", "u", 2, 11, 6));
  }
}
