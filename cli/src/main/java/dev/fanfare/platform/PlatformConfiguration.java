package dev.fanfare.platform;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.gateway.GatewayConfiguration;
import dev.fanfare.worker.WorkerConfiguration;
import java.util.List;
import java.util.Optional;

/**
 * What one process of a platform is made of.
 *
 * @param gateway absent where the process answers no HTTP
 * @param worker one that shares the process; absent where workers come over the network only
 * @param keys good from the start, besides those that the platform has
 */
public record PlatformConfiguration(
    NodeConfiguration node,
    Optional<GatewayConfiguration> gateway,
    Optional<WorkerConfiguration> worker,
    List<KnownKey> keys) {
  public PlatformConfiguration {
    keys = List.copyOf(keys);
    if (gateway.isEmpty() && worker.isPresent()) {
      throw new IllegalArgumentException("a worker in the process needs a gateway in it");
    }
  }

  /** With a gateway. */
  public PlatformConfiguration(
      NodeConfiguration node, GatewayConfiguration gateway, Optional<WorkerConfiguration> worker) {
    this(node, Optional.of(gateway), worker, List.of());
  }

  /** This, with keys that are good from the start. */
  public PlatformConfiguration withKeys(List<KnownKey> known) {
    return new PlatformConfiguration(node, gateway, worker, known);
  }

  /** The URL under which this machine reaches the gateway at the port it got. */
  String url(int port) {
    GatewayConfiguration front = gateway.orElseThrow();
    String scheme = front.tls().isPresent() ? "https" : "http";
    String host = front.host();
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
    String reachable =
        everywhere
            ? "127.0.0.1"
            : host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    return scheme + "://" + reachable + ":" + port;
  }
}
