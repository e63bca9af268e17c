package dev.fanfare.gateway;

/** The gateway cannot start. The message says what, where, and what to do. */
public final class GatewayException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private GatewayException(String message, Throwable cause) {
    super(message, cause);
  }

  private GatewayException(String message) {
    super(message);
  }

  static GatewayException unknownHost(String host, Throwable cause) {
    return new GatewayException(
        "cannot listen on '" + host + "': no such host name or address", cause);
  }

  static GatewayException unprotected(String host) {
    return new GatewayException(
        "refusing to listen on "
            + host
            + " without TLS: other machines could read keys and results."
            + " Give a certificate and key, or listen on 127.0.0.1, or allow it with --insecure");
  }

  static GatewayException badCertificate(GatewayConfiguration.Tls tls, Throwable cause) {
    return new GatewayException(
        "cannot use the certificate "
            + tls.certificate()
            + " with the key "
            + tls.key()
            + ": "
            + cause.getMessage(),
        cause);
  }

  static GatewayException portTaken(String host, int port, Throwable cause) {
    return new GatewayException(
        "port "
            + port
            + " on "
            + host
            + " is taken by another program: stop it or choose another --port",
        cause);
  }

  static GatewayException cannotListen(String host, int port, Throwable cause) {
    return new GatewayException(
        "cannot listen on " + host + " port " + port + ": " + cause.getMessage(), cause);
  }
}
