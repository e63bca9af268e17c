package dev.fanfare.ledger;

import java.nio.file.Path;

/** The ledger could not be opened, read or written. */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String FULL = "ledger-full";
  private static final String UNCERTAIN = "ledger-uncertain";
  private static final String KEY_TAKEN = "key-taken";
  private static final String SHARED = "ledger-shared";
  private static final String OUSTED = "node-ousted";
  private static final String DAMAGED = "ledger-damaged";

  private final String code;

  private LedgerException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  private LedgerException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** The stable code, for example {@code data-folder-in-use}. */
  public String code() {
    return code;
  }

  /** Whether too much waits to be written, so that it helps to try later. */
  public boolean isFull() {
    return code.equals(FULL);
  }

  /** Whether what was to be written may be there all the same. */
  public boolean isUncertain() {
    return code.equals(UNCERTAIN);
  }

  /** Whether another node's caller came first with an idempotency key. */
  public boolean isKeyTaken() {
    return code.equals(KEY_TAKEN);
  }

  /** Whether what was asked is to be asked of the database that the ledger is in. */
  public boolean isShared() {
    return code.equals(SHARED);
  }

  /** Whether what was asked for is damaged, so that it does not help to try again. */
  public boolean isDamaged() {
    return code.equals(DAMAGED);
  }

  boolean isOusted() {
    return code.equals(OUSTED);
  }

  static LedgerException folderUnusable(Path folder, Throwable cause) {
    return new LedgerException(
        "data-folder-unusable",
        "the data folder "
            + folder
            + " cannot be written ("
            + cause
            + "); make it writable or choose another with --data",
        cause);
  }

  static LedgerException folderInUse(Path folder, String holder) {
    return new LedgerException(
        "data-folder-in-use",
        "the data folder "
            + folder
            + " is in use by "
            + holder
            + "; stop that or choose another with --data");
  }

  static LedgerException unreadable(Path file, Throwable cause) {
    return new LedgerException(
        "ledger-unreadable",
        "the ledger " + file + " cannot be opened: " + cause.getMessage(),
        cause);
  }

  static LedgerException damaged(Path file, String place) {
    return new LedgerException(
        DAMAGED,
        "the ledger's file "
            + file
            + " is damaged "
            + place
            + "; nothing was changed: restore a backup, or move the file away to go on without it");
  }

  static LedgerException damaged(DamagedRow row) {
    return new LedgerException(
        DAMAGED,
        row.getMessage()
            + "; restore a backup, or mend the row by hand and set its crc to NULL, so that it is"
            + " taken as it is",
        row);
  }

  static LedgerException newer(String ledger, int found, int known) {
    return new LedgerException(
        "ledger-newer",
        "the ledger "
            + ledger
            + " has version "
            + found
            + " and this software knows up to "
            + known
            + "; run the newer software");
  }

  static LedgerException failed(Throwable cause) {
    if (cause instanceof DamagedRow row) {
      return damaged(row);
    }
    return new LedgerException("ledger-failed", "the ledger failed: " + cause.getMessage(), cause);
  }

  static LedgerException notReached(String ledger, Throwable cause) {
    return new LedgerException(
        "ledger-unreachable",
        "the ledger " + ledger + " is not reached: " + cause.getMessage(),
        cause);
  }

  static LedgerException notRead(String ledger, Throwable cause) {
    if (cause instanceof DamagedRow row) {
      return damaged(row);
    }
    return new LedgerException(
        "ledger-failed",
        "the ledger " + ledger + " could not be read: " + cause.getMessage(),
        cause);
  }

  static LedgerException notAFile(String ledger) {
    return new LedgerException(
        SHARED,
        "the ledger is "
            + ledger
            + ": save that with the database's own tools (pg_dump), and each node's folder"
            + " 'blobs'");
  }

  static LedgerException unreachable(String ledger) {
    return new LedgerException("ledger-unreachable", "the ledger " + ledger + " does not answer");
  }

  static LedgerException uncertain(Throwable cause) {
    return new LedgerException(
        UNCERTAIN, "the ledger did not say whether it was written: " + cause.getMessage(), cause);
  }

  static LedgerException late(long millis) {
    return new LedgerException(
        UNCERTAIN, "the ledger did not say within " + millis + " ms whether it was written");
  }

  static LedgerException ousted() {
    return new LedgerException(
        OUSTED, "other nodes took this one for dead and have taken its work over; try again");
  }

  static LedgerException keyTaken() {
    return new LedgerException(
        KEY_TAKEN, "the idempotency key was used at another gateway just now; try again");
  }

  static LedgerException full(int rows) {
    return new LedgerException(
        FULL, "the ledger cannot keep up: " + rows + " rows wait to be written");
  }

  static LedgerException closed() {
    return new LedgerException("ledger-closed", "the ledger is closed");
  }
}
