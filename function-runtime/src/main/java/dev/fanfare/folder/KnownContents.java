package dev.fanfare.folder;

import dev.fanfare.folder.OpenFolder.Found;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where in a tree which contents are. A file is read only when a hash is looked for. */
final class KnownContents {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final Tree tree;
  private final Map<Long, Set<String>> bySize = new HashMap<>();
  private final Map<String, Long> sizes = new HashMap<>();
  private final Map<String, Sha256> hashes = new HashMap<>();

  KnownContents(Tree tree, Inventory inventory) {
    this.tree = tree;
    for (String path : inventory.paths()) {
      Found found = inventory.get(path);
      if (found != null && found.kind() == Found.Kind.FILE && found.size() > 0) {
        add(path, found.size());
      }
    }
  }

  private void add(String path, long size) {
    bySize.computeIfAbsent(size, none -> new LinkedHashSet<>()).add(path);
    sizes.put(path, size);
  }

  boolean hasSize(long size) {
    return bySize.containsKey(size);
  }

  /** Whether the file of this path has this content. */
  boolean has(String path, long size, Sha256 hash) {
    return bySize.getOrDefault(size, Set.of()).contains(path)
        && hashOf(path).filter(hash::equals).isPresent();
  }

  /** A file with this content. */
  Optional<String> find(long size, Sha256 hash) {
    return bySize.getOrDefault(size, Set.of()).stream()
        .filter(path -> hashOf(path).filter(hash::equals).isPresent())
        .findFirst();
  }

  /** The file was written anew. */
  void written(String path, long size, Sha256 hash) {
    forget(path);
    if (size > 0) {
      add(path, size);
      hashes.put(path, hash);
    }
  }

  void forget(String path) {
    hashes.remove(path);
    Long size = sizes.remove(path);
    if (size != null) {
      bySize.getOrDefault(size, Set.of()).remove(path);
    }
  }

  private Optional<Sha256> hashOf(String path) {
    Sha256 known = hashes.get(path);
    if (known != null) {
      return Optional.of(known);
    }
    try (SeekableByteChannel file = tree.parent(path).read(Names.last(path))) {
      MessageDigest digest = Sha256.digest();
      var buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (file.read(buffer) >= 0) {
        digest.update(buffer.flip());
        buffer.clear();
      }
      Sha256 hash = Sha256.ofDigest(digest.digest());
      hashes.put(path, hash);
      return Optional.of(hash);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
