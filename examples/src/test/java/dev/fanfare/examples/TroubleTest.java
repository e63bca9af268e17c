package dev.fanfare.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.function.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TroubleTest {
  private final Trouble trouble = new Trouble();

  @Test
  void flakySucceedsAtTheAttemptItWasTold() {
    assertThatThrownBy(() -> trouble.flaky(3, new Attempt(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("attempt 2");
    assertThat(trouble.flaky(3, new Attempt(3))).isEqualTo("succeeded at attempt 3");
  }

  @Test
  void failAlwaysFailsWithACause() {
    assertThatThrownBy(trouble::fail)
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(ArithmeticException.class);
  }

  @Test
  void sleepEndsWhenItIsInterrupted() {
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> trouble.sleep(60_000)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void chatterTellsHowMuchItWrote() {
    assertThat(trouble.chatter(4, new Attempt(1))).isEqualTo(4);
  }

  /** An invocation of which only the attempt matters. */
  private record Attempt(int attempt) implements Invocation {
    @Override
    public String id() {
      return "0".repeat(26);
    }

    @Override
    public String function() {
      return "flaky";
    }

    @Override
    public String revision() {
      return "0".repeat(64);
    }

    @Override
    public long fence() {
      return attempt;
    }

    @Override
    public Instant deadline() {
      return Instant.MAX;
    }

    @Override
    public Duration remaining() {
      return Duration.ofHours(1);
    }

    @Override
    public String callId() {
      return id();
    }

    @Override
    public Optional<String> traceparent() {
      return Optional.empty();
    }

    @Override
    public System.Logger logger() {
      return System.getLogger("flaky");
    }
  }
}
