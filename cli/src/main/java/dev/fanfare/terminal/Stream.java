package dev.fanfare.terminal;

/** One of a process's three standard streams. */
public enum Stream {
  IN(0),
  OUT(1),
  ERR(2);

  private final int descriptor;

  Stream(int descriptor) {
    this.descriptor = descriptor;
  }

  /** The number that the operating system knows it by. */
  int descriptor() {
    return descriptor;
  }
}
