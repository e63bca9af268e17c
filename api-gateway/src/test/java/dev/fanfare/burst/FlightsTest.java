package dev.fanfare.burst;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatch.DispatchFixture;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.session.ScriptedWorker;
import dev.fanfare.shard.ShardBatch;
import dev.fanfare.shard.Submission;
import dev.fanfare.shard.Transition;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A burst's items whose shards do not answer. */
@Timeout(60)
class FlightsTest {
  private final DispatchFixture fixture = new DispatchFixture(1);
  private final List<InvocationRecord> ends = new CopyOnWriteArrayList<>();
  private final List<String> abandoned = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void oneThatEndedAlthoughItsShardDidNotAnswerIsFoundAndNotRunAgain() {
    fixture.shards.lose(1, true, FlightsTest::submits);
    launch();
    await().until(() -> submissions().size() == 1);

    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.AT_ONCE);

    await().atMost(20, SECONDS).until(() -> ends.size() == 1);
    assertThat(ends.getFirst().state()).isEqualTo(InvocationState.SUCCEEDED);
    assertThat(worker.leases()).as("it was looked for before it was run again").hasSize(1);
    assertThat(abandoned).isEmpty();
  }

  @Test
  void oneThatIsSubmittedAgainHasFencesAboveThoseThatItMayHaveHad() {
    ScriptedWorker worker = fixture.attach("one", 1, ScriptedWorker.AT_ONCE);
    fixture.shards.lose(1, false, FlightsTest::submits);
    launch();

    await().atMost(20, SECONDS).until(() -> ends.size() == 1);
    assertThat(submissions())
        .extracting(Submission::id)
        .hasSize(2)
        .containsOnly(ends.getFirst().id());
    assertThat(worker.leases().getLast().fence()).isGreaterThan(1_000);
  }

  private void launch() {
    var piece = new Piece(0, 1, Payload.EMPTY, 0);
    fixture.onContext(
        () -> {
          flights().launch(List.of(piece), Payload.EMPTY);
          return true;
        });
  }

  private Flights flights() {
    Submission sample = fixture.submission(fixture.dispatcher.newId());
    var work =
        new Work(
            sample.target(),
            Requirements.NONE,
            (id, payload) -> fixture.submission(id),
            new byte[0]);
    return new Flights(
        fixture.dispatcher,
        work,
        new Flights.Landing() {
          @Override
          public void ended(Flight flight, InvocationRecord invocation) {
            ends.add(invocation);
          }

          @Override
          public void abandoned(Flight flight, @Nullable String cancelled, String why) {
            abandoned.add(why);
          }

          @Override
          public void unblocked() {}
        });
  }

  private static boolean submits(ShardBatch batch) {
    return batch.transitions().stream().anyMatch(Transition.Submit.class::isInstance);
  }

  private List<Submission> submissions() {
    return fixture.shards.sent().stream()
        .flatMap(sent -> sent.batch().transitions().stream())
        .filter(Transition.Submit.class::isInstance)
        .flatMap(submit -> ((Transition.Submit) submit).submissions().stream())
        .toList();
  }
}
