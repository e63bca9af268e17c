package dev.fanfare.journal;

import dev.fanfare.directory.Directory;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The heads of all bursts that go on by themselves, alike at every node: entries of the directory
 * under {@code burst/TENANT/ID/EPOCH}. A head that a node of an earlier epoch writes late changes
 * nothing. Thread-safe; looking answers from memory, writing blocks until it is on disk.
 */
public final class BurstHeads {
  /** How long a burst is kept after the last word of it. */
  public static final Duration KEPT = Duration.ofHours(24);

  private static final String PREFIX = "burst/";

  private final Directory directory;

  /** Those that this directory holds. */
  public BurstHeads(Directory directory) {
    this.directory = directory;
    directory.expire(PREFIX, KEPT);
  }

  /** The tenant's burst. */
  public Optional<BurstHead> find(TenantId tenant, String id) {
    return id.indexOf('/') >= 0
        ? Optional.empty()
        : latest(PREFIX + tenant + "/" + id + "/").stream().findFirst();
  }

  /** The tenant's bursts. */
  public Collection<BurstHead> all(TenantId tenant) {
    return latest(PREFIX + tenant + "/");
  }

  /** The bursts of all tenants. */
  public Collection<BurstHead> all() {
    return latest(PREFIX);
  }

  /** Every blob that a burst needs. */
  public Set<Sha256> blobs() {
    Set<Sha256> all = new HashSet<>();
    all().forEach(head -> all.addAll(head.blobs()));
    return all;
  }

  /** Keeps this head, here and at the other nodes. */
  public void write(BurstHead head) {
    directory.write(Map.of(key(head), Optional.of(head.write())));
  }

  /** Keys of one burst come in the order of its epochs. */
  private Collection<BurstHead> latest(String prefix) {
    Map<List<String>, BurstHead> latest = new LinkedHashMap<>();
    directory
        .under(prefix)
        .values()
        .forEach(
            bytes -> {
              BurstHead head = BurstHead.read(bytes);
              latest.put(List.of(head.tenant().value(), head.id()), head);
            });
    return latest.values();
  }

  private static String key(BurstHead head) {
    return PREFIX + head.tenant() + "/" + head.id() + "/" + "%06d".formatted(head.epoch());
  }
}
