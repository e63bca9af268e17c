package dev.fanfare.cache;

/** A blob that cannot be had. */
public final class MissingBlob extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean forGood;

  private MissingBlob(String message, boolean forGood) {
    super(message);
    this.forGood = forGood;
  }

  static MissingBlob unknown(String what) {
    return new MissingBlob("the gateway does not have " + what, true);
  }

  static MissingBlob damaged(String what) {
    return new MissingBlob("the bytes that came are not those of " + what, true);
  }

  static MissingBlob interrupted(String what) {
    return new MissingBlob("the session broke while " + what + " was fetched", false);
  }

  /** Whether asking again makes no difference. */
  public boolean forGood() {
    return forGood;
  }
}
