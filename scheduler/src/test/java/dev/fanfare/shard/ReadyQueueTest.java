package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadyQueueTest {
  private final ReadyQueue queue = new ReadyQueue();
  private final TreeSet<Entry> model =
      new TreeSet<>(
          Comparator.<Entry>comparingLong(entry -> entry.rank)
              .thenComparingLong(entry -> entry.sequence));
  private final Random random = new Random(11);
  private final LineBook lines = new Holdings(ShardLimits.DEFAULT).lines;
  private long sequence;

  @ParameterizedTest(name = "{0} % come out of order")
  @ValueSource(ints = {0, 3, 50, 100})
  void tellsTheFirstWhateverComesAndGoes(int disorder) {
    List<Entry> gone = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      boolean grows = i / 5_000 % 2 == 0;
      if (random.nextInt(10) < (grows ? 7 : 3)) {
        add(gone, disorder);
      } else if (!model.isEmpty()) {
        Entry leaving = random.nextBoolean() ? model.first() : model.ceiling(entry(probe()));
        remove(leaving == null ? model.last() : leaving, gone);
      }
      assertThat(queue.size()).isEqualTo(model.size());
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(queue.first()).isSameAs(model.isEmpty() ? null : model.first());
    }
  }

  private void add(List<Entry> gone, int disorder) {
    boolean comesBack = random.nextInt(100) < disorder && !gone.isEmpty();
    Entry entry =
        comesBack
            ? gone.removeLast()
            : entry(sequence * 10 - (random.nextInt(100) < disorder ? 500 : 0));
    queue.add(entry);
    model.add(entry);
  }

  private void remove(Entry entry, List<Entry> gone) {
    queue.remove(entry);
    model.remove(entry);
    gone.add(entry);
  }

  private long probe() {
    long first = model.first().rank;
    return first + random.nextLong(model.last().rank - first + 1);
  }

  private Entry entry(long rank) {
    Submission submission = Work.of(0).submission();
    Line line = lines.line(submission.target(), submission.requirements());
    return new Entry(++sequence, rank, submission, line, new Interner(), 0);
  }
}
