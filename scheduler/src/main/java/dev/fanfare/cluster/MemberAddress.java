package dev.fanfare.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where members may be: loopback and private networks. Members trust each other and do not encrypt,
 * so a public address is refused.
 */
final class MemberAddress {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]]+))(?::(\\d{1,5}))?|([0-9a-fA-F:.%]+)");
  private static final int UNIQUE_LOCAL_MASK = 0xFE;
  private static final int UNIQUE_LOCAL = 0xFC;

  private MemberAddress() {}

  /**
   * Checks {@code host} or {@code host:port}.
   *
   * @throws IllegalArgumentException if it is no address, cannot be resolved, or is public
   */
  static void check(String text) {
    resolve(text);
  }

  /**
   * Checks {@code host} or {@code host:port} of another member, whose name need not resolve yet:
   * container engines know only names of containers that run.
   *
   * @throws IllegalArgumentException if it is no address, or is public
   */
  static void checkNamed(String text) {
    if (resolves(host(text))) {
      resolve(text);
    }
  }

  /** The address of {@code host} or {@code host:port}. */
  static InetAddress resolve(String text) {
    InetAddress address = lookUp(host(text), text);
    if (address.isAnyLocalAddress()) {
      throw new IllegalArgumentException(
          "a member listens on one loopback or private address, not on all of them (" + text + ")");
    }
    if (!isPrivate(address)) {
      throw new IllegalArgumentException(
          "members are on loopback or private addresses only; " + text + " is public");
    }
    return address;
  }

  /** The address of {@code host:port}, or of {@code host} at the port that members have. */
  static InetSocketAddress socket(String text) {
    Matcher form = FORM.matcher(text);
    String port = form.matches() ? form.group(3) : null;
    return new InetSocketAddress(
        resolve(text), port == null ? NodeConfiguration.DEFAULT_PORT : Integer.parseInt(port));
  }

  /**
   * The address of {@code host:port}, or of {@code host} at the port that members have, unless its
   * name does not resolve.
   */
  static Optional<InetSocketAddress> find(String text) {
    return resolves(host(text)) ? Optional.of(socket(text)) : Optional.empty();
  }

  /**
   * The same in figures, unless its name does not resolve: members that know each other under names
   * and figures at once do not let each other in.
   */
  static String inFigures(String text) {
    return find(text)
        .map(
            socket -> {
              String host = socket.getAddress().getHostAddress();
              return (host.contains(":") ? "[" + host + "]" : host) + ":" + socket.getPort();
            })
        .orElse(text);
  }

  private static boolean resolves(String host) {
    try {
      return InetAddress.getByName(host).getAddress().length > 0;
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String host(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no host or host:port");
    }
    if (form.group(1) != null) {
      return form.group(1);
    }
    return form.group(2) != null ? form.group(2) : form.group(4);
  }

  private static InetAddress lookUp(String host, String text) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("the member address " + text + " cannot be resolved", e);
    }
  }

  private static boolean isPrivate(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean uniqueLocal = bytes.length == 16 && (bytes[0] & UNIQUE_LOCAL_MASK) == UNIQUE_LOCAL;
    return address.isLoopbackAddress()
        || address.isSiteLocalAddress()
        || address.isLinkLocalAddress()
        || uniqueLocal;
  }
}
