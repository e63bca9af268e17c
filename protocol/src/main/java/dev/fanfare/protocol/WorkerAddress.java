package dev.fanfare.protocol;

import java.net.URI;
import java.util.Locale;

/**
 * Where a worker listens: {@code host:port}, or {@code https://host:port} when it has a
 * certificate.
 *
 * @param host a name or an address, without brackets
 * @param encrypted whether the connection is TLS
 */
public record WorkerAddress(String host, int port, boolean encrypted)
    implements Comparable<WorkerAddress> {
  private static final String TLS = "https://";
  private static final int HIGHEST_PORT = 65_535;

  public WorkerAddress {
    if (host.isBlank() || port < 1 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException("an address is written HOST:PORT");
    }
  }

  /**
   * Reads the written form.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static WorkerAddress parse(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    boolean encrypted = lower.startsWith(TLS);
    String place = encrypted ? lower.substring(TLS.length()) : lower;
    URI uri;
    try {
      uri = URI.create("worker://" + place);
    } catch (IllegalArgumentException e) {
      throw none(text);
    }
    String host = uri.getHost();
    boolean more = uri.getUserInfo() != null || !uri.getPath().isEmpty() || uri.getQuery() != null;
    if (host == null || more || uri.getPort() < 1 || uri.getPort() > HIGHEST_PORT) {
      throw none(text);
    }
    return new WorkerAddress(
        host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
        uri.getPort(),
        encrypted);
  }

  private static IllegalArgumentException none(String text) {
    return new IllegalArgumentException(
        "'" + text + "' is no worker's address: write HOST:PORT, or https://HOST:PORT");
  }

  @Override
  public int compareTo(WorkerAddress other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    String place = host.contains(":") ? "[" + host + "]" : host;
    return (encrypted ? TLS : "") + place + ":" + port;
  }
}
