package dev.fanfare.session;

import dev.fanfare.protocol.SessionId;
import java.security.SecureRandom;

/** Makes session ids and resume tokens: 130 unpredictable bits in base 32. */
final class SessionIds {
  private static final char[] DIGITS = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int LENGTH = 26;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SessionIds() {}

  static SessionId next() {
    return new SessionId(text());
  }

  static String text() {
    byte[] bytes = new byte[LENGTH];
    RANDOM.nextBytes(bytes);
    char[] text = new char[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      text[i] = DIGITS[bytes[i] & 31];
    }
    return new String(text);
  }
}
