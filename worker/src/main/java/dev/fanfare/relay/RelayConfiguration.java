package dev.fanfare.relay;

import dev.fanfare.protocol.WorkerAddress;
import dev.fanfare.worker.Listening;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * How a relay is to be run.
 *
 * @param name what it is called on the path of the workers behind it
 * @param upward where it passes sessions on to: gateways or relays, at least one
 * @param listening where workers dial it
 * @param workers listening workers that it dials
 * @param dataDirectory where code and payloads are kept that were fetched through it; made when
 *     absent
 * @param cacheBytes the most bytes of them
 */
public record RelayConfiguration(
    String name,
    List<URI> upward,
    Listening listening,
    List<WorkerAddress> workers,
    Path dataDirectory,
    long cacheBytes) {

  public RelayConfiguration {
    upward = List.copyOf(upward);
    workers = List.copyOf(workers);
    if (upward.isEmpty()) {
      throw new IllegalArgumentException("a relay needs a gateway to pass sessions on to");
    }
  }
}
