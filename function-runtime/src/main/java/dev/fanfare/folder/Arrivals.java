package dev.fanfare.folder;

import dev.fanfare.protocol.Sha256;
import dev.fanfare.sync.Reasons;
import dev.fanfare.sync.SyncEntry;
import dev.fanfare.sync.SyncMessage.Deed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings files to what they are to be: from a file here that has the content, else from the other
 * end. Contents come one at a time.
 */
final class Arrivals {
  /** Contents of fewer bytes are sent twice rather than read once more to be compared. */
  private static final int WORTH_COMPARING = 4_096;

  private static final int BUFFER_BYTES = 128 * 1024;

  private final Tree tree;
  private final KnownContents contents;
  private final Counts counts;
  private final boolean dryRun;
  private final NavigableMap<Integer, SyncEntry> left;
  private final Set<Integer> asked = new HashSet<>();
  private final Set<Integer> needed = new HashSet<>();
  private final Map<Integer, Sha256> announced = new HashMap<>();

  /** Contents that come, with the files that get a copy of them then. */
  private final Map<Sha256, List<Integer>> coming = new HashMap<>();

  private @Nullable IncomingFile file;
  private int fileIndex;

  Arrivals(
      Tree tree,
      KnownContents contents,
      Counts counts,
      boolean dryRun,
      NavigableMap<Integer, SyncEntry> differing) {
    this.tree = tree;
    this.contents = contents;
    this.counts = counts;
    this.dryRun = dryRun;
    this.left = differing;
  }

  boolean done() {
    return left.isEmpty();
  }

  /** Asks for hashes where a content may be here or comes twice, and for the other contents. */
  void begin() {
    var sizes = new HashMap<Long, Integer>();
    left.values().forEach(entry -> sizes.merge(entry.size(), 1, Integer::sum));
    left.forEach(
        (index, entry) -> {
          boolean twice =
              entry.size() >= WORTH_COMPARING && sizes.getOrDefault(entry.size(), 0) > 1;
          boolean ask = entry.size() > 0 && (twice || contents.hasSize(entry.size()));
          (ask ? asked : needed).add(index);
        });
    List<Integer> wanted = needed.stream().sorted().toList();
    counts.ask(asked.stream().sorted().toList());
    if (dryRun) {
      wanted.forEach(this::wouldBeSent);
    } else {
      counts.need(wanted);
    }
  }

  void hashed(int index, Sha256 hash) {
    SyncEntry entry = left.get(index);
    if (entry == null || !asked.remove(index)) {
      return;
    }
    announced.put(index, hash);
    if (!contents.has(entry.path(), entry.size(), hash)) {
      copyOrNeed(index, entry, hash);
      return;
    }
    try {
      if (!dryRun) {
        OpenFolder parent = tree.parent(entry.path());
        parent.setTime(Names.last(entry.path()), entry.mtimeMicros());
        parent.setMode(Names.last(entry.path()), entry.mode());
      }
      counts.unchanged();
      resolved(index);
    } catch (IOException e) {
      fail(index, Reasons.words(e));
    }
  }

  private void copyOrNeed(int index, SyncEntry entry, Sha256 hash) {
    Optional<String> here = contents.find(entry.size(), hash);
    if (here.isPresent() && copied(entry, here.get(), hash)) {
      counts.done(Deed.COPIED, index, entry.path());
      contents.written(entry.path(), entry.size(), hash);
      resolved(index);
    } else if (coming.containsKey(hash)) {
      coming.get(hash).add(index);
    } else {
      coming.put(hash, new ArrayList<>());
      needed.add(index);
      if (dryRun) {
        contents.written(entry.path(), entry.size(), hash);
        wouldBeSent(index);
      } else {
        counts.need(List.of(index));
      }
    }
  }

  /** Whether it could be; where not, its content comes from the other end. */
  private boolean copied(SyncEntry entry, String from, Sha256 hash) {
    if (dryRun) {
      return true;
    }
    try (SeekableByteChannel source = tree.parent(from).read(Names.last(from));
        var copy = new IncomingFile(tree, entry)) {
      var buffer = ByteBuffer.allocate(BUFFER_BYTES);
      while (source.read(buffer) >= 0) {
        copy.write(buffer.array(), buffer.position());
        buffer.clear();
      }
      if (!copy.isWhole(hash)) {
        return false;
      }
      copy.place();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void wouldBeSent(int index) {
    SyncEntry entry = left.get(index);
    if (entry != null) {
      counts.done(Deed.SENT, index, entry.path());
      counts.bytes(entry.size());
      resolved(index);
    }
  }

  void block(int index, byte[] bytes) {
    if (needed.contains(index)) {
      try {
        file(index).write(bytes, bytes.length);
      } catch (IOException e) {
        fail(index, Reasons.words(e));
      }
    }
  }

  void end(int index, Sha256 hash, byte[] bytes) {
    block(index, bytes);
    SyncEntry entry = left.get(index);
    if (entry == null || !needed.contains(index)) {
      return;
    }
    try {
      IncomingFile whole = file(index);
      if (!whole.isWhole(hash)) {
        fail(index, "what came of it is not what was announced");
        return;
      }
      whole.place();
      close();
      contents.written(entry.path(), entry.size(), hash);
      counts.bytes(entry.size());
      counts.done(Deed.SENT, index, entry.path());
      resolved(index);
    } catch (IOException e) {
      fail(index, Reasons.words(e));
    }
  }

  void dropped(int index, String why) {
    if (left.containsKey(index)) {
      fail(index, why);
    }
  }

  private IncomingFile file(int index) throws IOException {
    IncomingFile open = file;
    if (open != null && fileIndex == index) {
      return open;
    }
    close();
    SyncEntry entry = left.get(index);
    if (entry == null) {
      throw new Refusal("nobody waits for it");
    }
    open = new IncomingFile(tree, entry);
    file = open;
    fileIndex = index;
    return open;
  }

  private void fail(int index, String why) {
    if (fileIndex == index) {
      close();
    }
    SyncEntry entry = left.get(index);
    if (entry != null) {
      counts.failed(index, entry.path(), why);
      resolved(index);
    }
  }

  /** Nothing more is to be done about it; files with the same content need not wait for it. */
  private void resolved(int index) {
    left.remove(index);
    asked.remove(index);
    needed.remove(index);
    Sha256 hash = announced.remove(index);
    List<Integer> followers = hash == null ? null : coming.remove(hash);
    if (hash != null && followers != null) {
      for (int follower : followers) {
        SyncEntry entry = left.get(follower);
        if (entry != null) {
          copyOrNeed(follower, entry, hash);
        }
      }
    }
  }

  /** What is not whole is thrown away. */
  void close() {
    try (IncomingFile open = file) {
      file = null;
    } catch (IOException e) {
      // its name tells the next sync that it is to be removed
    }
  }
}
