package dev.fanfare.folder;

import dev.fanfare.protocol.Sha256;
import dev.fanfare.sync.SyncEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.security.MessageDigest;

/** A file on its way into a tree: beside its place under another name, until it is whole. */
final class IncomingFile implements AutoCloseable {
  private final Tree tree;
  private final SyncEntry entry;
  private final String temporary = Tree.temporary();
  private final FileChannel channel;
  private final MessageDigest digest = Sha256.digest();
  private long size;
  private boolean placed;

  IncomingFile(Tree tree, SyncEntry entry) throws IOException {
    this.tree = tree;
    this.entry = entry;
    this.channel = tree.parent(entry.path()).create(temporary);
  }

  void write(byte[] bytes, int length) throws IOException {
    size += length;
    if (size > entry.size()) {
      throw new Refusal("more came of it than was listed");
    }
    digest.update(bytes, 0, length);
    var buffer = ByteBuffer.wrap(bytes, 0, length);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Whether it has all of its content, and the content this hash. To be asked once. */
  boolean isWhole(Sha256 hash) {
    return size == entry.size() && Sha256.ofDigest(digest.digest()).equals(hash);
  }

  /** Puts it in its place at once, with its mode and time. */
  void place() throws IOException {
    channel.close();
    OpenFolder parent = tree.parent(entry.path());
    parent.setTime(temporary, entry.mtimeMicros());
    parent.setMode(temporary, entry.mode());
    parent.move(temporary, parent, Names.last(entry.path()));
    placed = true;
  }

  /** Unless it is in its place, nothing is left of it. */
  @Override
  public void close() throws IOException {
    channel.close();
    if (!placed) {
      try {
        tree.parent(entry.path()).deleteFile(temporary);
      } catch (NoSuchFileException e) {
        // its folder was removed with it
      }
    }
  }
}
