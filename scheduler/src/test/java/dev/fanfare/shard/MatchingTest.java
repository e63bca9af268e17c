package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.shard.Reply.Admission;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which worker may run what. */
class MatchingTest {
  private final Desk desk = new Desk();
  private final SessionId plain = desk.attach(1);

  @Test
  void onlyAWorkerThatMeetsTheRequirementsGetsTheWork() {
    desk.submit(Work.of(1).requiring("gpu=a100"));
    desk.submit(Work.of(2));
    assertThat(desk.drain(plain)).containsExactly(Work.id(2));
    assertThat(desk.reply.waiting()).extracting(Requirements::toString).asString().contains("gpu");
    SessionId gpu = desk.attach(2, "big", Map.of("gpu", "a100"));
    assertThat(desk.drain(gpu)).containsExactly(Work.id(1));
    assertThat(desk.reply.waiting()).isEmpty();
  }

  @Test
  void aWorkerThatMeetsSeveralClassesTakesTheOldestOfAll() {
    SessionId gpu = desk.attach(2, "big", Map.of("gpu", "a100", "zone", "a"));
    desk.submitAll(
        List.of(
            Work.of(1).requiring("gpu=a100"),
            Work.of(2),
            Work.of(3).requiring("zone=a"),
            Work.of(4).requiring("zone=b"),
            Work.of(5).requiring("gpu=a100")));
    assertThat(desk.drain(gpu)).containsExactly(Work.id(1), Work.id(2), Work.id(3), Work.id(5));
  }

  @Test
  void aSessionAttachedAgainWithOtherLabelsGetsOtherWork() {
    desk.submit(Work.of(1).requiring("gpu"));
    assertThat(desk.offer(plain, 1)).isEmpty();
    desk.attach(1, "worker-1", Map.of("gpu", "yes"));
    assertThat(desk.offer(plain, 1)).hasSize(1);
  }

  @Test
  void noMoreIsGivenThanWasOffered() {
    IntStream.range(0, 10).forEach(i -> desk.submit(Work.of(i)));
    assertThat(desk.offer(plain, 3)).hasSize(3);
    assertThat(desk.offer(plain, 0)).isEmpty();
    assertThat(desk.offer(plain, -5)).isEmpty();
    assertThat(desk.counts().running()).isEqualTo(3);
  }

  @Test
  void atMost64WaitingClassesAreNamed() {
    IntStream.range(0, 100).forEach(i -> desk.submit(Work.of(i).requiring("label-" + i)));
    assertThat(desk.reply.waiting()).hasSize(64).doesNotHaveDuplicates();
  }

  @Test
  void tooManyRequirementClassesAreRefused() {
    for (int i = 0; i < RequirementBook.MOST_CLASSES; i++) {
      assertThat(desk.submit(Work.of(i).requiring("label-" + i))).isEqualTo(Admission.ACCEPTED);
    }
    assertThat(desk.submit(Work.of(-1).requiring("one-more"))).isEqualTo(Admission.FULL);
    assertThat(desk.submit(Work.of(-2).requiring("label-5"))).isEqualTo(Admission.ACCEPTED);
    desk.cancel(Work.id(7));
    assertThat(desk.submit(Work.of(-1).requiring("one-more"))).isEqualTo(Admission.ACCEPTED);
    SessionId fit = desk.attach(2, "fit", Map.of("one-more", ""));
    assertThat(desk.drain(fit)).containsExactly(Work.id(-1));
  }

  @Test
  void manyRevisionsComeAndGo() {
    var expected = new ArrayList<InvocationId>();
    for (int i = 0; i < 2_000; i++) {
      desk.submit(Work.of(i).revision("r" + i));
      if (i % 3 == 0) {
        expected.add(Work.id(i));
      } else {
        desk.cancel(Work.id(i));
      }
    }
    assertThat(desk.drain(plain)).isEqualTo(expected);
    assertThat(desk.shard.holdings().lines.lines().size()).isLessThan(2_000);
  }
}
