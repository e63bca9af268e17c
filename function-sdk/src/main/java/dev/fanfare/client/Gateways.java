package dev.fanfare.client;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The gateways of one platform, and which of them is asked at present. Thread-safe. */
final class Gateways {
  private final List<URI> all;
  private final AtomicInteger turn = new AtomicInteger();

  Gateways(List<URI> all) {
    this.all = List.copyOf(all);
  }

  /** The one that is asked at present. */
  URI current() {
    return all.get(turn.get() % all.size());
  }

  /** This one does not answer: the next one is asked, unless another is already. */
  void leave(URI silent) {
    int now = turn.get();
    if (all.get(now % all.size()).equals(silent)) {
      turn.compareAndSet(now, (now + 1) % all.size());
    }
  }

  /** The same resource of the one that is asked at present. */
  URI there(URI resource) {
    for (URI gateway : all) {
      String rest = resource.toString();
      if (rest.startsWith(gateway + "/")) {
        return URI.create(current() + rest.substring(gateway.toString().length()));
      }
    }
    return resource;
  }

  int count() {
    return all.size();
  }
}
