package dev.fanfare.burst;

import dev.fanfare.journal.BurstHead;
import java.util.Optional;

/** Makes of what was written down what a burst's items are submitted as. */
public interface Revival {

  /** What is to be run, and how. */
  record Revived(Work work, BurstOptions options) {}

  /** Of this burst; empty if its function's revision is not known here. */
  Optional<Revived> of(BurstHead head);
}
