package dev.fanfare.gateway;

import dev.fanfare.dispatch.BacklogLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the HTTP front door is set up.
 *
 * @param host name or address to listen on
 * @param port 0 for any free one
 * @param tls certificate and key; without them the gateway speaks plain HTTP
 * @param insecure allows plain HTTP on an address that other machines reach
 * @param requestLimitBytes largest body of an invocation
 * @param resultLimitBytes largest result of an invocation
 * @param artifactLimitBytes largest jar
 * @param eventLoops threads that serve connections
 * @param acceptedLimit most asynchronous invocations that have not ended; further ones are refused
 */
public record GatewayConfiguration(
    String host,
    int port,
    Optional<Tls> tls,
    boolean insecure,
    long requestLimitBytes,
    long resultLimitBytes,
    long artifactLimitBytes,
    ConnectionLimits connections,
    int eventLoops,
    long acceptedLimit) {

  /** Port 8080 on 127.0.0.1, with the limits that hold where nobody chose others. */
  public static final GatewayConfiguration DEFAULT =
      new GatewayConfiguration(
          "127.0.0.1",
          8080,
          Optional.empty(),
          false,
          64L << 20,
          64L << 20,
          256L << 20,
          ConnectionLimits.DEFAULT,
          1,
          BacklogLimits.DEFAULT.accepted());

  /** PEM files: the certificate with its chain, and its private key. */
  public record Tls(Path certificate, Path key) {}

  public GatewayConfiguration {
    require(port >= 0 && port <= 65_535, "port is 0 to 65535, not " + port);
    require(
        requestLimitBytes > 0 && resultLimitBytes > 0 && artifactLimitBytes > 0,
        "limits are more than 0");
    require(eventLoops > 0, "at least 1 event loop is needed");
    require(acceptedLimit > 0, "the limit on accepted work is at least 1");
  }

  /** The same on another address and port. */
  public GatewayConfiguration at(String otherHost, int otherPort) {
    return new GatewayConfiguration(
        otherHost,
        otherPort,
        tls,
        insecure,
        requestLimitBytes,
        resultLimitBytes,
        artifactLimitBytes,
        connections,
        eventLoops,
        acceptedLimit);
  }

  /** The same with TLS, or without. */
  public GatewayConfiguration with(Optional<Tls> otherTls) {
    return new GatewayConfiguration(
        host,
        port,
        otherTls,
        insecure,
        requestLimitBytes,
        resultLimitBytes,
        artifactLimitBytes,
        connections,
        eventLoops,
        acceptedLimit);
  }

  /** The same, with plain HTTP allowed on any address or not. */
  public GatewayConfiguration insecure(boolean allowed) {
    return new GatewayConfiguration(
        host,
        port,
        tls,
        allowed,
        requestLimitBytes,
        resultLimitBytes,
        artifactLimitBytes,
        connections,
        eventLoops,
        acceptedLimit);
  }

  /** The same with other limits, in bytes. */
  public GatewayConfiguration limits(long request, long result, long artifact) {
    return new GatewayConfiguration(
        host,
        port,
        tls,
        insecure,
        request,
        result,
        artifact,
        connections,
        eventLoops,
        acceptedLimit);
  }

  /** The same with other bounds on connections. */
  public GatewayConfiguration connections(ConnectionLimits others) {
    return new GatewayConfiguration(
        host,
        port,
        tls,
        insecure,
        requestLimitBytes,
        resultLimitBytes,
        artifactLimitBytes,
        others,
        eventLoops,
        acceptedLimit);
  }

  /** Whether only this machine can reach the address; resolves the host's name. */
  boolean loopback() {
    try {
      for (InetAddress address : InetAddress.getAllByName(host)) {
        if (!address.isLoopbackAddress()) {
          return false;
        }
      }
      return true;
    } catch (UnknownHostException e) {
      throw GatewayException.unknownHost(host, e);
    }
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** The same with another limit on accepted work. */
  public GatewayConfiguration accepting(long limit) {
    return new GatewayConfiguration(
        host,
        port,
        tls,
        insecure,
        requestLimitBytes,
        resultLimitBytes,
        artifactLimitBytes,
        connections,
        eventLoops,
        limit);
  }
}
