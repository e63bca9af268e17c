package dev.fanfare.proof;

import dev.fanfare.protocol.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A join token or a worker's credential as both sides know it: its id, and SHA-256 of its secret,
 * which is all that a platform keeps.
 */
public record SharedKey(String id, byte[] digest) {
  private static final Pattern FORM = Pattern.compile("ff_([a-z2-7]{10})_([a-z2-7]{32})");

  /**
   * What the holder of a key knows of it.
   *
   * @throws IllegalArgumentException if the text is no key
   */
  public static SharedKey of(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("this is no join token: one begins with ff_");
    }
    return new SharedKey(
        form.group(1), Sha256.digest().digest(form.group(2).getBytes(StandardCharsets.US_ASCII)));
  }

  /** A key's text. */
  public static String text(String id, String secret) {
    return "ff_" + id + "_" + secret;
  }

  /** Never the digest, which is as good as the key. */
  @Override
  public String toString() {
    return "SharedKey[" + id + "]";
  }
}
