package dev.fanfare.worker;

import dev.fanfare.frame.Link;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Opens links to whichever of a cluster's gateways takes them: first to any, so that workers
 * spread; after a loss to the next, since the one that was lost may be gone.
 */
public final class AnyGatewayDialer implements Dialer {
  private final List<? extends Dialer> gateways;
  private int next;

  /** A dialer over others, one for each gateway; at least one. */
  public AnyGatewayDialer(List<? extends Dialer> gateways) {
    if (gateways.isEmpty()) {
      throw new IllegalArgumentException("at least one gateway is needed");
    }
    this.gateways = List.copyOf(gateways);
    this.next = ThreadLocalRandom.current().nextInt(gateways.size());
  }

  @Override
  public Future<Link> dial(Link.Listener listener) {
    return dial(listener, gateways.size(), 0);
  }

  @Override
  public String way() {
    return gateways.getFirst().way();
  }

  @Override
  public void credential(String credential) {
    gateways.forEach(gateway -> gateway.credential(credential));
  }

  /** All are tried; that they refuse the key is certain only once each of them has said so. */
  private Future<Link> dial(Link.Listener listener, int tries, int refusals) {
    Dialer gateway = gateways.get(next);
    next = (next + 1) % gateways.size();
    return gateway
        .dial(listener)
        .recover(
            failure -> {
              int refused = refusals + (failure instanceof DialRefused ? 1 : 0);
              if (tries > 1) {
                return dial(listener, tries - 1, refused);
              }
              boolean certain = refused == gateways.size() || !(failure instanceof DialRefused);
              return Future.failedFuture(
                  certain ? failure : new IllegalStateException(failure.getMessage()));
            });
  }
}
