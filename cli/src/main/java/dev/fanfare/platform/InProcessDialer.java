package dev.fanfare.platform;

import dev.fanfare.frame.InProcessLink;
import dev.fanfare.frame.Link;
import dev.fanfare.gateway.Gateway;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.worker.Dialer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;

/** Opens sessions of a worker with the gateway in the same process. */
final class InProcessDialer implements Dialer {
  private static final Principal SAME_PROCESS =
      new Principal("in-process", TenantId.DEFAULT, Scope.WORKER);

  private final Vertx vertx;
  private final Gateway gateway;

  InProcessDialer(Vertx vertx, Gateway gateway) {
    this.vertx = vertx;
    this.gateway = gateway;
  }

  @Override
  public Future<Link> dial(Link.Listener listener) {
    Link link =
        InProcessLink.connect(
            listener,
            on(vertx.getOrCreateContext()),
            far -> gateway.sessions().accept(far, SAME_PROCESS),
            on(gateway.sessionContext()));
    return Future.succeededFuture(link);
  }

  @Override
  public String way() {
    return "in-process";
  }

  private static Executor on(Context context) {
    return task -> context.runOnContext(nothing -> task.run());
  }
}
