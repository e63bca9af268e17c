package dev.fanfare.blob;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Path;

/** A blob is missing, or the disk failed. */
public final class BlobException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private BlobException(String code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  private BlobException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** The stable code: {@code no-such-blob}, {@code blob-damaged} or {@code blob-failed}. */
  public String code() {
    return code;
  }

  static BlobException missing(Sha256 hash, Throwable cause) {
    return new BlobException("no-such-blob", "no blob " + hash + " here", cause);
  }

  static BlobException damaged(Path file, Path aside) {
    return new BlobException(
        "blob-damaged",
        "the file "
            + file
            + " is damaged: its content is not what its name says; it is at "
            + aside
            + " now, and no other node has a whole one");
  }

  static BlobException failed(String action, Path path, IOException cause) {
    return new BlobException("blob-failed", "cannot " + action + " " + path + ": " + cause, cause);
  }
}
