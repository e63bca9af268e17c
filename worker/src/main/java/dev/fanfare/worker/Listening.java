package dev.fanfare.worker;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where a worker, or a relay, listens.
 *
 * @param host name or address
 * @param port 0 for any free one
 * @param tls certificate and key; without them the connection is not encrypted
 */
public record Listening(String host, int port, Optional<Tls> tls) {
  private static final int HIGHEST_PORT = 65_535;

  /** PEM files: the certificate with its chain, and its private key. */
  public record Tls(Path certificate, Path key) {}

  /**
   * Reads {@code ADDRESS:PORT} or {@code PORT}, which is on 127.0.0.1.
   *
   * @throws IllegalArgumentException in words, if it is neither, if other machines could reach the
   *     address without TLS and that is not allowed, or if a file cannot be read
   */
  public static Listening parse(String text, Optional<Tls> tls, boolean insecure) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "127.0.0.1" : text.substring(0, colon).replaceAll("^\\[|]$", "");
    var listening = new Listening(host, port(text.substring(colon + 1), text), tls);
    if (tls.isEmpty() && !insecure && !listening.loopback()) {
      throw new IllegalArgumentException(
          "refusing to listen on "
              + host
              + " without TLS: other machines could read what goes over it. Give a certificate and"
              + " key, or listen on 127.0.0.1, or allow it with --insecure");
    }
    tls.ifPresent(files -> requireReadable(files.certificate()));
    tls.ifPresent(files -> requireReadable(files.key()));
    return listening;
  }

  private static int port(String text, String whole) {
    if (text.matches("\\d{1,5}") && Integer.parseInt(text) <= HIGHEST_PORT) {
      return Integer.parseInt(text);
    }
    throw new IllegalArgumentException("'" + whole + "' is no address: write ADDRESS:PORT");
  }

  private static void requireReadable(Path file) {
    if (!Files.isReadable(file)) {
      throw new IllegalArgumentException(file + " is missing or not readable");
    }
  }

  private boolean loopback() {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("there is no host or address '" + host + "'");
    }
  }

  /** The address with the port that is really used, as {@code workers connect} takes it. */
  String at(int actual) {
    return (tls.isPresent() ? "https://" : "") + place() + ":" + actual;
  }

  /** The same as the URL that workers dial. */
  public String url(int actual) {
    return (tls.isPresent() ? "https://" : "http://") + place() + ":" + actual;
  }

  /** A server for WebSockets that may ask for these subprotocols; it does not listen yet. */
  public HttpServer server(Vertx vertx, List<String> subprotocols) {
    return Listener.server(vertx, this, subprotocols);
  }

  /** Why one cannot listen here. */
  public IOException inWords(Throwable failure) {
    return new IOException("cannot listen on " + at(port) + ": " + failure.getMessage(), failure);
  }

  private String place() {
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
