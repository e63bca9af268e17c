package dev.fanfare.worker;

import dev.fanfare.hosting.StartedRuntime;
import io.vertx.core.Future;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SharedRuntimeTest extends RuntimeContract {
  @Override
  Future<StartedRuntime> start() {
    return Future.succeededFuture(new SharedRuntime(context));
  }

  @Override
  Future<Void> end() {
    return Future.succeededFuture();
  }
}
