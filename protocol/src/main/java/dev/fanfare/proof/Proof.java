package dev.fanfare.proof;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What only two sides that know one key can say about one connection: HMAC-SHA256 (RFC 2104) over
 * both sides' fresh random numbers, the speaker's role and the certificate that the connection is
 * encrypted with. Good for this connection and this direction only, so neither can be repeated,
 * reflected, or passed on by somebody who stands between with another certificate.
 *
 * @param workerNonce the worker's 32 random bytes
 * @param gatewayNonce the gateway's
 * @param certificate SHA-256 of the worker's certificate in hexadecimal digits, as the speaker sees
 *     it; empty where the connection is not encrypted
 */
public record Proof(SharedKey key, byte[] workerNonce, byte[] gatewayNonce, String certificate) {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final char[] DIGITS = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
  private static final int NONCE_BYTES = 32;
  private static final int SECRET_DIGITS = 32;

  public Proof {
    if (workerNonce.length != NONCE_BYTES || gatewayNonce.length != NONCE_BYTES) {
      throw new IllegalArgumentException("a nonce has " + NONCE_BYTES + " bytes");
    }
  }

  /** Fresh random bytes for one connection. */
  public static byte[] nonce() {
    byte[] bytes = new byte[NONCE_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /** What the gateway says. */
  public byte[] ofGateway() {
    return mac("gateway");
  }

  /** What the worker says. */
  public byte[] ofWorker() {
    return mac("worker");
  }

  /** Whether the gateway knows the key. */
  public boolean isOfGateway(byte[] claimed) {
    return MessageDigest.isEqual(ofGateway(), claimed);
  }

  /** Whether the worker knows the key. */
  public boolean isOfWorker(byte[] claimed) {
    return MessageDigest.isEqual(ofWorker(), claimed);
  }

  /** The secret of a further key that both sides now know and nobody who listened. */
  public String freshSecret() {
    byte[] bytes = mac("credential");
    var text = new StringBuilder(SECRET_DIGITS);
    for (int i = 0; i < SECRET_DIGITS; i++) {
      text.append(DIGITS[bytes[i] & 31]);
    }
    return text.toString();
  }

  private byte[] mac(String role) {
    String what =
        String.join(
            "\n",
            "fanfare proof 1",
            role,
            key.id(),
            HexFormat.of().formatHex(workerNonce),
            HexFormat.of().formatHex(gatewayNonce),
            certificate);
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.digest(), "HmacSHA256"));
      return mac.doFinal(what.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  @Override
  public String toString() {
    return "Proof[" + key.id() + "]";
  }
}
