package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DueTimesTest {
  private final DueTimes times = new DueTimes();
  private final List<Session> model = new ArrayList<>();
  private final Random random = new Random(3);
  private long sequence;

  @Test
  void nothingIsNeverDue() {
    assertThat(times.next()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void tellsWhatIsDueNextWhateverChanges() {
    for (int i = 0; i < 20_000; i++) {
      int most = i / 4_000 % 2 == 0 ? 500 : 20;
      if (model.size() < most && random.nextBoolean()) {
        add();
      } else if (!model.isEmpty()) {
        Session any = model.get(random.nextInt(model.size()));
        switch (random.nextInt(model.size() > most ? 2 : 4)) {
          case 0, 1 -> remove(any);
          case 2 -> move(any, random.nextLong(1_000));
          default -> move(any, Long.MAX_VALUE);
        }
      }
      expectTheFirst();
    }
  }

  private void add() {
    var attach =
        new Transition.Attach(
            Desk.session((int) sequence), Desk.worker("w", Map.of()), Desk.NODE, 1);
    var session = new Session(++sequence, attach);
    session.aliveUntil = random.nextLong(1_000);
    model.add(session);
    times.update(session);
  }

  private void move(Session session, long due) {
    session.aliveUntil = due;
    times.update(session);
  }

  private void remove(Session session) {
    times.remove(session);
    times.remove(session);
    model.remove(session);
  }

  private void expectTheFirst() {
    var first =
        model.stream()
            .filter(session -> session.aliveUntil != Long.MAX_VALUE)
            .min(
                Comparator.<Session>comparingLong(session -> session.aliveUntil)
                    .thenComparingLong(session -> session.sequence));
    assertThat(times.next())
        .isEqualTo(first.map(session -> session.aliveUntil).orElse(Long.MAX_VALUE));
    first.ifPresent(session -> assertThat(times.first()).isSameAs(session));
  }
}
