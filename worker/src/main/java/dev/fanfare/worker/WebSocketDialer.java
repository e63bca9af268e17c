package dev.fanfare.worker;

import dev.fanfare.frame.Link;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;

/** Opens sessions with a gateway over WebSockets, {@code GET /v1/session}. */
@SuppressWarnings("DoNotCallSuggester")
public final class WebSocketDialer implements Dialer {

  /**
   * A dialer for one gateway.
   *
   * @param gateway its {@code http} or {@code https} URL
   * @param key a join token or a worker's credential
   * @param credentialFile where the credential is kept once there is one, readable by its owner
   *     only
   */
  public WebSocketDialer(Vertx vertx, URI gateway, String key, Path credentialFile) {
    throw new UnsupportedOperationException("" + vertx + gateway + key.length() + credentialFile);
  }

  @Override
  public Future<Link> dial(Link.Listener listener) {
    throw new UnsupportedOperationException("" + listener);
  }
}
