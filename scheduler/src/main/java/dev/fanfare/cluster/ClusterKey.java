package dev.fanfare.cluster;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret that the nodes of a cluster share. Members show each other a name made from the
 * cluster's name and the key; who does not know it is refused. It is seen on the wire, which is why
 * members are on loopback or private networks only.
 */
public final class ClusterKey {
  /** The fewest characters of a key. */
  public static final int SHORTEST = 16;

  private static final String ALGORITHM = "HmacSHA256";

  private ClusterKey() {}

  /**
   * Checks a key.
   *
   * @throws IllegalArgumentException if it is too short to be a secret
   */
  public static String check(String key) {
    if (key.length() < SHORTEST || !key.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
      throw new IllegalArgumentException(
          "a cluster key has at least " + SHORTEST + " characters, printable and without spaces");
    }
    return key;
  }

  /** The name that members show each other. */
  static String secretName(NodeConfiguration configuration) {
    String name = configuration.clusterName();
    return configuration.clusterKey().map(key -> name + "-" + proof(name, key)).orElse(name);
  }

  private static String proof(String name, String key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), ALGORITHM));
      return HexFormat.of()
          .formatHex(mac.doFinal(("fanfare cluster " + name).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
