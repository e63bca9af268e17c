package dev.fanfare.gateway;

import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Slows down whoever tries keys: after {@link #FREE} wrong ones, each further one makes its address
 * wait twice as long before another is looked at. Addresses of one IPv6 network count as one. Those
 * that tried last are remembered, {@link #ADDRESSES} of them. Belongs to one event loop.
 */
final class WrongKeys {
  static final int FREE = 20;
  static final int ADDRESSES = 10_000;
  static final long LONGEST_PAUSE_MILLIS = 60_000;

  /** An address that tried no wrong key for so long starts anew. */
  static final long FORGET_MILLIS = 600_000;

  private static final int NETWORK_BYTES = 8;
  private static final int MOST_DOUBLINGS = 16;

  private final InstantSource clock;
  private final Map<String, Tries> byAddress = new LinkedHashMap<>(16, 0.75f, true);

  private static final class Tries {
    int wrong;
    long latest;
    long pauseEnds;
  }

  WrongKeys(InstantSource clock) {
    this.clock = clock;
  }

  /** How long no further key of this address is looked at; 0 if the next one is. */
  long pauseMillis(@Nullable SocketAddress address) {
    Tries tries = byAddress.get(network(address));
    return tries == null ? 0 : Math.max(0, tries.pauseEnds - clock.millis());
  }

  /** The address tried one that is wrong. */
  void tried(@Nullable SocketAddress address) {
    long now = clock.millis();
    Tries tries = byAddress.computeIfAbsent(network(address), first -> new Tries());
    tries.wrong = now - tries.latest > FORGET_MILLIS ? 1 : tries.wrong + 1;
    tries.latest = now;
    if (tries.wrong > FREE) {
      long pause = 1_000L << Math.min(MOST_DOUBLINGS, tries.wrong - FREE - 1);
      tries.pauseEnds = now + Math.min(LONGEST_PAUSE_MILLIS, pause);
    }
    if (byAddress.size() > ADDRESSES) {
      byAddress.remove(byAddress.keySet().iterator().next());
    }
  }

  /** How many addresses are remembered. */
  int size() {
    return byAddress.size();
  }

  private static String network(@Nullable SocketAddress address) {
    String host = address == null ? null : address.hostAddress();
    if (host == null || host.indexOf(':') < 0) {
      return String.valueOf(host);
    }
    InetAddress literal = InetAddress.ofLiteral(host);
    return literal instanceof Inet6Address
        ? Arrays.toString(Arrays.copyOf(literal.getAddress(), NETWORK_BYTES))
        : literal.getHostAddress();
  }
}
