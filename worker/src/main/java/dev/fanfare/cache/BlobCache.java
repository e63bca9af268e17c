package dev.fanfare.cache;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Files named by their content's hash, up to a number of bytes: the one used longest ago goes
 * first, one that is in use never. Only on the agent's context; the files themselves are written by
 * others.
 */
public final class BlobCache {
  private final Path folder;
  private final long mostBytes;
  private final LinkedHashMap<Sha256, Entry> entries = new LinkedHashMap<>(64, 0.75f, true);
  private long bytes;

  private static final class Entry {
    final long size;
    int uses;

    Entry(long size) {
      this.size = size;
    }
  }

  /**
   * Takes up what an earlier run left in the folder.
   *
   * @throws IOException if the folder cannot be made or read
   */
  public BlobCache(Path folder, long mostBytes) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.mostBytes = mostBytes;
    for (Left left : leftOver(folder)) {
      entries.put(left.hash, new Entry(left.size));
      bytes += left.size;
    }
    evict();
  }

  private record Left(Sha256 hash, long size, FileTime used) {}

  /** The folder. */
  public Path folder() {
    return folder;
  }

  /** Where a blob of this hash lies, or would. */
  public Path path(Sha256 hash) {
    return folder.resolve(hash.hex());
  }

  /** Where a blob is written before it is complete. */
  Path partial(Sha256 hash) {
    return folder.resolve(".part-" + hash.hex());
  }

  /** Puts the blob to use, which keeps it until {@link #release}; false if it is not here. */
  public boolean use(Sha256 hash) {
    Entry entry = entries.get(hash);
    if (entry == null) {
      return false;
    }
    entry.uses++;
    return true;
  }

  /** Ends one use. */
  public void release(Sha256 hash) {
    Entry entry = entries.get(hash);
    if (entry != null) {
      entry.uses--;
      evict();
    }
  }

  /** A file of this size is complete under its hash; it is in use once. */
  public void add(Sha256 hash, long size) {
    Entry entry = entries.get(hash);
    if (entry == null) {
      entry = new Entry(size);
      entries.put(hash, entry);
      bytes += size;
    }
    entry.uses++;
    evict();
  }

  private void evict() {
    var idle = entries.entrySet().iterator();
    while (bytes > mostBytes && idle.hasNext()) {
      Map.Entry<Sha256, Entry> next = idle.next();
      if (next.getValue().uses == 0) {
        bytes -= next.getValue().size;
        idle.remove();
        remove(path(next.getKey()));
      }
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      System.getLogger(BlobCache.class.getName())
          .log(System.Logger.Level.WARNING, "could not remove " + file, e);
    }
  }

  /** Oldest first; what is not complete is removed. */
  private static List<Left> leftOver(Path folder) throws IOException {
    var found = new ArrayList<Left>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Optional<Sha256> hash = hash(file);
        if (hash.isPresent()) {
          found.add(new Left(hash.get(), Files.size(file), Files.getLastModifiedTime(file)));
        } else if (Files.isRegularFile(file)) {
          remove(file);
        }
      }
    }
    found.sort(Comparator.comparing(Left::used));
    return found;
  }

  private static Optional<Sha256> hash(Path file) {
    @Nullable Path name = file.getFileName();
    try {
      return name == null ? Optional.empty() : Optional.of(new Sha256(name.toString()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
