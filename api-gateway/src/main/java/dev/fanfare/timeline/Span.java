package dev.fanfare.timeline;

/**
 * The times of one invocation, which carried one item or several. Times are epoch microseconds.
 *
 * @param index of its first item
 * @param receivedAt when the gateway had the item
 * @param submittedAt when its shard had it
 * @param startedAt when a worker was given it
 * @param toldAt when its end was known to the gateway
 */
public record Span(
    long index,
    int items,
    String worker,
    boolean succeeded,
    long receivedAt,
    long submittedAt,
    long startedAt,
    long coldMicros,
    long runMicros,
    long toldAt) {

  /** What an invocation's time is spent on, in order. */
  public enum Phase {
    SUBMIT("#b8c0cc"),
    QUEUE("#f2b84b"),
    COLD("#5aa7e0"),
    RUN("#3aa76d"),
    RETURN("#9a7fd1");

    private final String colour;

    Phase(String colour) {
      this.colour = colour;
    }

    /** As pictures show it. */
    public String colour() {
      return colour;
    }

    /** As pictures name it. */
    public String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /**
   * When a phase began; the end of it is the beginning of the next. Never before the one before.
   */
  public long begin(Phase phase) {
    long submitted = Math.max(receivedAt, submittedAt);
    long started = startedAt == 0 ? toldAt : Math.max(submitted, startedAt);
    long running = Math.min(Math.max(toldAt, started), started + coldMicros);
    return switch (phase) {
      case SUBMIT -> receivedAt;
      case QUEUE -> Math.min(submitted, Math.max(receivedAt, toldAt));
      case COLD -> started;
      case RUN -> running;
      case RETURN -> Math.min(Math.max(toldAt, running), running + runMicros);
    };
  }

  /** When a phase ended. */
  public long end(Phase phase) {
    return switch (phase) {
      case SUBMIT -> begin(Phase.QUEUE);
      case QUEUE -> begin(Phase.COLD);
      case COLD -> begin(Phase.RUN);
      case RUN -> begin(Phase.RETURN);
      case RETURN -> Math.max(toldAt, begin(Phase.RETURN));
    };
  }
}
