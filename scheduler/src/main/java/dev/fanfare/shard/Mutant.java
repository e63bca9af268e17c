package dev.fanfare.shard;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Ways to break a promise on purpose: {@code -Dfanfare.mutant=no-fence-check}. Tests start a node
 * with one to show that they would notice; nothing else may. Such a node says so when it starts.
 */
public enum Mutant {
  /** What a lost session held is not queued again, as in a queue whose poll removes. */
  DESTRUCTIVE_POLL,

  /** Any settlement of what has not ended is accepted, whoever makes it under whatever fence. */
  NO_FENCE_CHECK,

  /** A submission is answered before the ledger has it. */
  ACKNOWLEDGE_BEFORE_COMMIT;

  private final boolean on = System.getProperty("fanfare.mutant", "").equals(word());

  /** What this node is, if it is one. */
  public static Optional<Mutant> chosen() {
    return Arrays.stream(values()).filter(Mutant::on).findFirst();
  }

  /** Whether this node is this mutant. */
  public boolean on() {
    return on;
  }

  /** As it is chosen: {@code no-fence-check}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
