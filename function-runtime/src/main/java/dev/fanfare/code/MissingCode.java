package dev.fanfare.code;

/** The revision does not have the code that its manifest names. */
public final class MissingCode extends Exception {
  private static final long serialVersionUID = 1L;

  MissingCode(String message) {
    super(message);
  }
}
