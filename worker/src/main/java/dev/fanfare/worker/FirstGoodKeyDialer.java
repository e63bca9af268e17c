package dev.fanfare.worker;

import dev.fanfare.frame.Link;
import io.vertx.core.Future;
import java.util.List;

/** Opens links with the first of several keys that is accepted. On the agent's context. */
public final class FirstGoodKeyDialer implements Dialer {
  private final List<? extends Dialer> keys;
  private int current;

  /** A dialer over others, one for each key, the preferred one first; at least one. */
  public FirstGoodKeyDialer(List<? extends Dialer> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("at least one key is needed");
    }
    this.keys = List.copyOf(keys);
  }

  @Override
  public Future<Link> dial(Link.Listener listener) {
    return keys.get(current)
        .dial(listener)
        .recover(
            failure -> {
              if (failure instanceof DialRefused && current < keys.size() - 1) {
                current++;
                return dial(listener);
              }
              return Future.failedFuture(failure);
            });
  }

  @Override
  public String way() {
    return keys.getFirst().way();
  }

  @Override
  public void credential(String credential) {
    keys.get(current).credential(credential);
  }
}
