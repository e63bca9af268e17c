package dev.fanfare.gateway;

import dev.fanfare.key.Keys;
import dev.fanfare.protocol.WorkerAddress;
import dev.fanfare.registry.WorkerAddresses;
import dev.fanfare.session.SessionServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * The workers that this gateway dials, since they listen: all addresses of the directory. Each of a
 * cluster's gateways dials all of them, and a worker takes the first, so that no gateway is in
 * charge. Thread-safe; its state belongs to the sessions' context.
 */
final class DialledWorkers {
  private static final int CONNECT_MILLIS = 5_000;

  private final Context context;
  private final SessionServer sessions;
  private final Keys keys;
  private final Executor disk;
  private final WebSocketClient client;
  private final Map<WorkerAddress, Dialling> diallings = new TreeMap<>();
  private boolean closed;

  DialledWorkers(
      Context context,
      SessionServer sessions,
      WorkerAddresses addresses,
      Keys keys,
      Executor disk) {
    this.context = context;
    this.sessions = sessions;
    this.keys = keys;
    this.disk = disk;
    // Who the worker is, and whose certificate this is, the proof shows.
    this.client =
        context
            .owner()
            .createWebSocketClient(
                new WebSocketClientOptions()
                    .setConnectTimeout(CONNECT_MILLIS)
                    .setMaxFrameSize(WebSocketLink.MESSAGE_BYTES)
                    .setMaxMessageSize(WebSocketLink.MESSAGE_BYTES)
                    .setTryUsePerMessageCompression(false)
                    .setTrustAll(true)
                    .setVerifyHost(false));
    addresses.onChange(now -> context.runOnContext(changed -> dialAll(now)));
    context.runOnContext(start -> dialAll(addresses.all()));
  }

  /** How it stands with each. */
  Future<List<Dialling.View>> views() {
    return onContext(() -> diallings.values().stream().map(Dialling::view).toList());
  }

  /** How it stands with the address once it has been tried; empty if it is not dialled. */
  Future<Optional<Dialling.View>> tried(WorkerAddress address) {
    return onContext(() -> Optional.ofNullable(diallings.get(address)))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : found.get().firstTry().map(Optional::of));
  }

  /** Dials no more and ends the sessions. */
  void close() {
    context.runOnContext(
        end -> {
          closed = true;
          diallings.values().forEach(dialling -> dialling.close("the gateway is stopping"));
          diallings.clear();
          client.close();
        });
  }

  private void dialAll(Set<WorkerAddress> wanted) {
    if (closed) {
      return;
    }
    var gone = new HashSet<>(diallings.keySet());
    gone.removeAll(wanted);
    for (WorkerAddress address : gone) {
      Dialling dialling = diallings.remove(address);
      if (dialling != null) {
        dialling.close("this platform was told to disconnect");
      }
    }
    for (WorkerAddress address : wanted) {
      if (!diallings.containsKey(address)) {
        var dialling = new Dialling(address, context, client, sessions, keys, disk);
        diallings.put(address, dialling);
        dialling.dial();
      }
    }
  }

  private <T> Future<T> onContext(Supplier<T> work) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(now -> promise.complete(work.get()));
    return promise.future();
  }
}
