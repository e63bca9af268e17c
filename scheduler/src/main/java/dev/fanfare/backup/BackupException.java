package dev.fanfare.backup;

import java.nio.file.Path;

/** A backup could not be made or put back. */
public final class BackupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private BackupException(String message) {
    super(message);
  }

  private BackupException(String message, Throwable cause) {
    super(message, cause);
  }

  static BackupException notWritten(Path file, Throwable cause) {
    return new BackupException("the backup " + file + " cannot be written: " + cause, cause);
  }

  static BackupException notRead(Path file, Throwable cause) {
    return new BackupException("the backup " + file + " cannot be read: " + cause, cause);
  }

  static BackupException notOne(Path file, String why) {
    return new BackupException(file + " is no backup that can be put back: " + why);
  }

  static BackupException refused(Path file, Throwable cause) {
    return new BackupException(
        file + " is no backup that can be put back: " + cause.getMessage(), cause);
  }

  static BackupException leftOver(Path log) {
    return new BackupException(
        "there is "
            + log
            + ", of a ledger that was in this folder; move it away, too, or choose an empty folder"
            + " with --data");
  }

  static BackupException occupied(Path folder) {
    return new BackupException(
        "the data folder " + folder + " has a ledger already; choose an empty one with --data");
  }
}
