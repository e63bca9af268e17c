package dev.fanfare.deploy;

/** Finds bytes in bytes. */
final class Bytes {
  private Bytes() {}

  static boolean contain(byte[] all, byte[] part) {
    for (int start = 0; start <= all.length - part.length; start++) {
      int matched = 0;
      while (matched < part.length && all[start + matched] == part[matched]) {
        matched++;
      }
      if (matched == part.length) {
        return true;
      }
    }
    return false;
  }
}
