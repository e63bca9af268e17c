package dev.fanfare.ledger;

import java.nio.file.Path;

/** The ledger could not be opened, read or written. */
public final class LedgerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String FULL = "ledger-full";

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
        "ledger-damaged",
        "the ledger's file "
            + file
            + " is damaged "
            + place
            + "; nothing was changed: restore a backup, or move the file away to go on without it");
  }

  static LedgerException newer(Path file, int found, int known) {
    return new LedgerException(
        "ledger-newer",
        "the ledger "
            + file
            + " has version "
            + found
            + " and this software knows up to "
            + known
            + "; run the newer software");
  }

  static LedgerException failed(Throwable cause) {
    return new LedgerException("ledger-failed", "the ledger failed: " + cause.getMessage(), cause);
  }

  static LedgerException full(int rows) {
    return new LedgerException(
        FULL, "the ledger cannot keep up: " + rows + " rows wait to be written");
  }

  static LedgerException closed() {
    return new LedgerException("ledger-closed", "the ledger is closed");
  }
}
