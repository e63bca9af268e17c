package dev.fanfare.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Usage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OutboxTest {
  private static final int ATTEMPTS = 200_000;

  private final Set<Long> said = new HashSet<>();
  private final List<Long> ended = new ArrayList<>();
  private final List<Long> overtaking = new ArrayList<>();

  @Test
  void everyOutcomeLeavesOnceAndBehindWhatItsAttemptSaid() throws Exception {
    var outbox = new Outbox(new Collecting());
    var over = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!over.get()) {
                    outbox.flush();
                  }
                });
    for (int i = 0; i < ATTEMPTS; i++) {
      var id = new InvocationId(1, i);
      outbox.line(new LogLine(id, 1, 1, 0, "out", "", "said"));
      outbox.settle(new Settlement(id, 1, new Outcome.Cancelled("told"), Usage.NONE));
      outbox.flush();
    }
    over.set(true);
    other.join();
    outbox.flushLast();

    assertThat(overtaking).isEmpty();
    assertThat(ended).hasSize(ATTEMPTS).doesNotHaveDuplicates();
  }

  private final class Collecting implements OpenLink {
    @Override
    public void send(Frame frame) {
      if (frame instanceof Frame.Logs logs) {
        logs.lines().forEach(line -> said.add(line.id().low()));
      } else if (frame instanceof Frame.Outcomes outcomes) {
        outcomes.settlements().forEach(settlement -> ended(settlement.id().low()));
      }
    }

    private void ended(long attempt) {
      ended.add(attempt);
      if (!said.contains(attempt)) {
        overtaking.add(attempt);
      }
    }
  }
}
