package dev.fanfare.schema;

/** A type that has no JSON form; the message says where in the type it is found, and what to do. */
public final class UnsupportedType extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsupportedType(String message) {
    super(message);
  }
}
