package dev.fanfare.worker;

import dev.fanfare.frame.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/** Opens sessions with a gateway over WebSockets, {@code GET /v1/session}. */
public final class WebSocketDialer implements Dialer {
  private static final String PATH = "/v1/session";
  private static final int BAD_GATEWAY = 502;
  private static final int CONNECT_MILLIS = 5_000;

  /** The largest frame a session carries. */
  private static final int MOST_BYTES = 16 << 20;

  private final WebSocketClient client;
  private final URI gateway;
  private final boolean encrypted;
  private final int port;
  private final CredentialFile credentialFile;
  private volatile String key;

  /**
   * A dialer for one gateway.
   *
   * @param gateway its {@code http} or {@code https} URL
   * @param key a join token or a worker's credential
   * @param credentialFile where the credential is kept once there is one, readable by its owner
   *     only
   * @throws IllegalArgumentException if the URL is of another kind
   */
  public WebSocketDialer(Vertx vertx, URI gateway, String key, Path credentialFile) {
    String scheme = String.valueOf(gateway.getScheme()).toLowerCase(Locale.ROOT);
    if (gateway.getHost() == null || !scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException(
          "'" + gateway + "' is no gateway: write http://host:port or https://host");
    }
    this.gateway = gateway;
    this.encrypted = scheme.equals("https");
    this.port = gateway.getPort() >= 0 ? gateway.getPort() : encrypted ? 443 : 80;
    this.key = key;
    this.credentialFile = new CredentialFile(credentialFile);
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setMaxFrameSize(MOST_BYTES)
                .setMaxMessageSize(MOST_BYTES)
                .setTryUsePerMessageCompression(false));
  }

  @Override
  public Future<Link> dial(Link.Listener listener) {
    var options =
        new WebSocketConnectOptions()
            .setHost(gateway.getHost())
            .setPort(port)
            .setSsl(encrypted)
            .setURI(path())
            .addHeader(HttpHeaders.AUTHORIZATION.toString(), "Bearer " + key);
    var socket = client.webSocket();
    var link = new WebSocketLink(socket, listener, gateway.getHost() + ":" + port);
    return socket
        .connect(options)
        .<Link>map(link)
        .recover(failure -> Future.failedFuture(inWords(failure)));
  }

  @Override
  public void credential(String credential) {
    key = credential;
    credentialFile.keep(credential);
  }

  private String path() {
    String base = gateway.getPath() == null ? "" : gateway.getPath();
    return (base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + PATH;
  }

  private Throwable inWords(Throwable failure) {
    if (failure instanceof UpgradeRejectedException rejected) {
      int status = rejected.getStatus();
      if (status == 401 || status == 403) {
        return DialRefused.because(
            "the gateway at "
                + gateway
                + " does not accept the key (status "
                + status
                + "): get a new join token");
      }
      return new IOException(
          "the gateway at " + gateway + " answered with status " + status + words(rejected));
    }
    return new IOException(
        "the gateway at " + gateway + " cannot be reached: " + failure.getMessage(), failure);
  }

  /** What a relay says that cannot pass the session on. */
  private static String words(UpgradeRejectedException rejected) {
    Buffer body = rejected.getBody();
    boolean relay = rejected.getStatus() == BAD_GATEWAY && body != null && body.length() < 1_000;
    return relay ? ": " + body.toString().strip() : "";
  }
}
