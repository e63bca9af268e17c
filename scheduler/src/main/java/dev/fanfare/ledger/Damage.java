package dev.fanfare.ledger;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The damaged rows that were met since the ledger was opened; each is told once. Thread-safe. */
final class Damage {
  /** Beyond so many rows no more are told or counted. */
  private static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Damage.class);

  private final Set<String> met = ConcurrentHashMap.newKeySet();

  /** One that is not used, with what becomes of it. */
  void met(DamagedRow row, String consequence) {
    if (met.size() < MOST && met.add(row.place())) {
      LOG.error("{}; {}", row.getMessage(), consequence);
    }
  }

  /** How many there were. */
  int rows() {
    return met.size();
  }
}
