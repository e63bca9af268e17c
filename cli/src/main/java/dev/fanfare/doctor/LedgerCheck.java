package dev.fanfare.doctor;

import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.ledger.LedgerUrl;

/** Whether the ledger that nodes are to share is reached from here. */
public final class LedgerCheck {
  private LedgerCheck() {}

  /** Connects to it, for a few seconds at most. */
  public static Finding of(LedgerUrl url) {
    try {
      return Finding.ok("ledger", Ledger.probe(url));
    } catch (LedgerException e) {
      return Finding.failed(
          "ledger",
          String.valueOf(e.getMessage()),
          "look whether the database runs, lets this machine in, and has that user");
    }
  }
}
