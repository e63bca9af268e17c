package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame.Held;
import java.util.ArrayList;
import java.util.List;

/** A frame of outcomes whose settlements are on their way to one or several shards. */
final class Unacknowledged {
  final long sequence;
  final List<Held> stale = new ArrayList<>();
  private int outstanding;

  Unacknowledged(long sequence) {
    this.sequence = sequence;
  }

  void expect() {
    outstanding++;
  }

  void settled() {
    outstanding--;
  }

  void refused(List<Held> leases) {
    stale.addAll(leases);
  }

  boolean done() {
    return outstanding == 0;
  }
}
