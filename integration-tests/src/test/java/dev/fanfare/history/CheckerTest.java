package dev.fanfare.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.history.Event.Action;
import dev.fanfare.history.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A good history and a bad one for each promise: a checker that finds nothing must be able to. */
@Timeout(60)
class CheckerTest {

  /** A history made by hand. */
  private static final class Hand {
    final List<Event> events = new ArrayList<>();
    final List<Execution> executions = new ArrayList<>();
    final List<FinalState> states = new ArrayList<>();
    Standing standing = Standing.EMPTY;
    private long clock = 1_000_000;
    private long operation;

    Hand asked(Action action, String token, String key) {
      return event(++operation, Kind.INVOKE, action, token, "", key, "", 0);
    }

    Hand submitted(String token, String id) {
      return asked(Action.SUBMIT, token, "").told(Kind.OK, Action.SUBMIT, token, id, "");
    }

    Hand submittedUnder(String key, String token, String id) {
      return asked(Action.SUBMIT, token, key).told(Kind.OK, Action.SUBMIT, token, id, key);
    }

    Hand told(Kind kind, Action action, String token, String id, String key) {
      return event(operation, kind, action, token, id, key, "", 0);
    }

    Hand read(String id, String outcome, long fence) {
      event(++operation, Kind.INVOKE, Action.READ, "", id, "", "", 0);
      return event(operation, Kind.OK, Action.READ, "", id, "", outcome, fence);
    }

    Hand nodeDied() {
      return event(++operation, Kind.INFO, Action.FAULT, "", "", History.NODE_DEATH, "", 3);
    }

    Hand executed(String id, String token, int attempt, long fence) {
      return executed("process-" + fence, id, token, attempt, fence);
    }

    Hand executed(String process, String id, String token, int attempt, long fence) {
      executions.add(new Execution(process, executions.size(), id, token, attempt, fence, ++clock));
      return this;
    }

    Hand ended(String id, String token, int attempts, long fence) {
      states.add(new FinalState(id, token, "SUCCEEDED", attempts, fence, "good", fence, ++clock));
      return this;
    }

    private Hand event(
        long number,
        Kind kind,
        Action action,
        String token,
        String id,
        String key,
        String outcome,
        long fence) {
      events.add(new Event(number, kind, action, ++clock, token, id, key, outcome, fence, ""));
      return this;
    }

    /** The promises that are broken. */
    List<String> broken() {
      return Checker.violations(evidence(), Bounds.DEFAULT).stream()
          .map(Violation::promise)
          .distinct()
          .toList();
    }

    Evidence evidence() {
      return new Evidence(events, executions, states, standing);
    }
  }

  private static Hand hand(Consumer<Hand> what) {
    var hand = new Hand();
    what.accept(hand);
    return hand;
  }

  /** What happens on a good day; each bad one differs from it in one thing. */
  private static Hand good() {
    return new Hand().submitted("t", "a").executed("a", "t", 1, 10);
  }

  @Test
  void aGoodHistoryIsFoundGood() {
    Hand hand = good().read("a", "", 10).read("a", "good", 10).ended("a", "t", 1, 10);

    assertThat(hand.broken()).isEmpty();
    Checker.check(hand.evidence(), Bounds.DEFAULT);
  }

  @Test
  void h1AcceptedWorkThatDidNotEndOrIsUnknownIsFound() {
    assertThat(good().ended("a", "t", 1, 10).broken()).isEmpty();
    assertThat(good().broken()).containsExactly("H1");
    Hand missing = good();
    missing.states.add(FinalState.missing("a"));
    assertThat(missing.broken()).containsExactly("H1");
  }

  @Test
  void h1WhatNobodyWasPromisedNeedNotEnd() {
    Hand uncertain =
        new Hand().asked(Action.SUBMIT, "t", "").told(Kind.INFO, Action.SUBMIT, "t", "", "");

    assertThat(uncertain.broken()).isEmpty();
    assertThat(uncertain.executed("a", "t", 1, 10).ended("a", "t", 1, 10).broken()).isEmpty();
  }

  @Test
  void h2AnExecutionThatNobodyAskedForIsFound() {
    assertThat(good().ended("a", "t", 1, 10).executed("b", "u", 1, 11).broken())
        .containsExactly("H2");
  }

  @Test
  void h2WorkThatWasRefusedAndRanIsFound() {
    Hand refused =
        new Hand().asked(Action.SUBMIT, "t", "").told(Kind.FAIL, Action.SUBMIT, "t", "", "");

    assertThat(refused.broken()).isEmpty();
    assertThat(refused.executed("a", "t", 1, 10).broken()).containsExactly("H2");
  }

  @Test
  void h2OneRequestThatBecameTwoInvocationsIsFound() {
    Hand twice = good().ended("a", "t", 1, 10).executed("b", "t", 1, 20);

    assertThat(twice.broken()).containsExactly("H2");
  }

  @Test
  void h3TwoOutcomesOfOneInvocationAreFound() {
    assertThat(good().read("a", "bad", 0).ended("a", "t", 1, 10).broken()).containsExactly("H3");
  }

  @Test
  void h3AnEndThatIsTakenBackIsFound() {
    Hand back = good().read("a", "good", 10).read("a", "", 0).ended("a", "t", 1, 10);

    assertThat(back.broken()).containsExactly("H3");
  }

  @Test
  void h4ASettlementUnderAStaleFenceIsFound() {
    Hand stale = good().executed("a", "t", 2, 11);
    assertThat(
            hand(h -> h.submitted("t", "a").executed("a", "t", 1, 10).executed("a", "t", 2, 11))
                .ended("a", "t", 2, 11)
                .broken())
        .isEmpty();
    assertThat(stale.ended("a", "t", 2, 10).broken()).containsExactly("H4");
  }

  @Test
  void h4AnEndThatComesFromNoExecutionIsFound() {
    assertThat(good().ended("a", "t", 1, 12).broken()).containsExactly("H4");
  }

  @Test
  void h5AFenceThatIsGivenTwiceIsFound() {
    Hand twice = good().executed("other", "a", "t", 2, 10).ended("a", "t", 2, 10);

    assertThat(twice.broken()).containsExactly("H5");
  }

  @Test
  void h5AFenceThatFallsInAProcessOrForAReaderIsFound() {
    Hand falls =
        new Hand()
            .submitted("t", "a")
            .executed("same", "a", "t", 1, 11)
            .executed("same", "a", "t", 2, 10)
            .ended("a", "t", 2, 11);
    assertThat(falls.broken()).containsExactly("H5");
    Hand read = good().read("a", "", 10).read("a", "", 9).ended("a", "t", 1, 10);
    assertThat(read.broken()).containsExactly("H5");
  }

  @Test
  void h6MoreExecutionsThanAttemptsAreFound() {
    Hand more = good().executed("a", "t", 1, 11);
    assertThat(
            hand(h -> h.submitted("t", "a"))
                .nodeDied()
                .executed("a", "t", 1, 10)
                .executed("a", "t", 1, 11)
                .ended("a", "t", 1, 11)
                .broken())
        .as("a node's death leaves the count of what just began behind")
        .isEmpty();
    assertThat(more.ended("a", "t", 1, 11).broken()).containsExactly("H6");
  }

  @Test
  void h6AnUnansweredRequestsInvocationBeganWhenItWasMade() {
    Hand repeated =
        new Hand()
            .asked(Action.SUBMIT, "t", "k")
            .told(Kind.INFO, Action.SUBMIT, "t", "", "k")
            .executed("a", "t", 1, 10)
            .nodeDied()
            .submittedUnder("k", "t", "a")
            .executed("a", "t", 1, 11)
            .ended("a", "t", 1, 11);

    assertThat(repeated.broken()).isEmpty();
  }

  @Test
  void h6MoreAttemptsThanAllowedAreFound() {
    assertThat(good().ended("a", "t", Bounds.DEFAULT.attempts(), 10).broken()).isEmpty();
    assertThat(good().ended("a", "t", Bounds.DEFAULT.attempts() + 1, 10).broken())
        .containsExactly("H6");
  }

  @Test
  void h7TwoInvocationsUnderOneKeyAreFound() {
    Hand same = new Hand().submittedUnder("k", "t", "a").submittedUnder("k", "t", "a");
    assertThat(same.executed("a", "t", 1, 10).ended("a", "t", 1, 10).broken()).isEmpty();
    assertThat(same.executed("b", "t", 1, 11).broken()).containsExactly("H7");
    Hand told = new Hand().submittedUnder("k", "t", "a").submittedUnder("k", "t", "b");
    told.executed("a", "t", 1, 10).ended("a", "t", 1, 10).ended("b", "t", 0, 0);
    assertThat(told.broken()).contains("H7");
  }

  @Test
  void h8WhatIsLeftIsFound() {
    Hand left = good().ended("a", "t", 1, 10);
    left.standing = new Standing(Map.of("fanfare_invocations_running", 1.0), List.of());
    assertThat(left.broken()).containsExactly("H8");
    left.standing = new Standing(Map.of("fanfare_invocations_running", 0.0), List.of("a"));
    assertThat(left.broken()).containsExactly("H8");
  }

  @Test
  void aViolationTellsTheWholeStory() {
    Evidence evidence = good().read("a", "bad", 0).ended("a", "t", 1, 10).evidence();

    assertThatThrownBy(() -> Checker.check(evidence, Bounds.DEFAULT))
        .hasMessageContaining("{H3=1}")
        .hasMessageContaining("\"kind\":\"INVOKE\"")
        .hasMessageContaining("\"outcome\":\"bad\"")
        .hasMessageContaining("Execution[process=process-10")
        .hasMessageContaining("FinalState[id=a");
  }
}
