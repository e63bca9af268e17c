package dev.fanfare.gateway;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Turns away what a browser was tricked into sending: on a loopback address, requests for a foreign
 * host (DNS rebinding), and anywhere, requests from pages of another origin. Belongs to one event
 * loop.
 */
final class Guard {
  private final boolean loopback;
  private @Nullable String lastGood;

  Guard(boolean loopback) {
    this.loopback = loopback;
  }

  /** Why the request is refused; null when it is not. */
  @Nullable Problem refusal(HttpServerRequest request) {
    String host = request.headers().get(HttpHeaders.HOST);
    if (host == null) {
      return request.version() == HttpVersion.HTTP_1_0
          ? null
          : Problem.badRequest("the Host header is missing");
    }
    if (loopback && !host.equals(lastGood)) {
      if (!local(host)) {
        return Problem.of(
            403,
            "foreign-host",
            "Foreign host",
            "this gateway serves this machine only: call it as localhost or 127.0.0.1, not '"
                + printable(host)
                + "'");
      }
      lastGood = host;
    }
    String origin = request.headers().get(HttpHeaders.ORIGIN);
    if (origin != null && !sameAuthority(origin, host)) {
      return Problem.of(
          403,
          "foreign-origin",
          "Foreign origin",
          "pages of " + printable(origin) + " may not call this gateway");
    }
    return null;
  }

  /**
   * Why the path is refused; null when it is not. Paths of this interface need no escapes: names
   * are lower-case letters, digits, '.' and '-'.
   */
  static @Nullable Problem pathRefusal(String path) {
    if (!path.startsWith("/")) {
      return Problem.badRequest("the path must start with '/'");
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (!plain && "/.-_~:@".indexOf(c) < 0) {
        return Problem.badRequest("the path holds characters that no name here has");
      }
    }
    for (String segment : path.substring(1).split("/", -1)) {
      if (segment.equals(".") || segment.equals("..")) {
        return Problem.badRequest("the path holds '.' or '..' segments");
      }
    }
    return null;
  }

  private static boolean local(String host) {
    String name = name(host).toLowerCase(Locale.ROOT);
    return name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}");
  }

  private static String name(String host) {
    int colon = host.lastIndexOf(':');
    boolean port = colon > host.lastIndexOf(']') && colon >= 0;
    return port ? host.substring(0, colon) : host;
  }

  private static boolean sameAuthority(String origin, String host) {
    int scheme = origin.indexOf("://");
    return scheme > 0 && origin.substring(scheme + 3).equalsIgnoreCase(host);
  }

  private static String printable(String text) {
    String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
    return clean.length() <= 100 ? clean : clean.substring(0, 100) + "…";
  }
}
