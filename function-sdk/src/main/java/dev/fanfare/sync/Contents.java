package dev.fanfare.sync;

import dev.fanfare.function.Channel;
import dev.fanfare.sync.SyncMessage.Block;
import dev.fanfare.sync.SyncMessage.Dropped;
import dev.fanfare.sync.SyncMessage.End;
import dev.fanfare.sync.SyncMessage.Hashed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Set;
import java.util.function.LongConsumer;

/** Reads files of a listing for a worker, in blocks, and sees when one is not what was listed. */
final class Contents {
  private static final String VANISHED = "it was removed here meanwhile";
  private static final String CHANGED = "it was changed here meanwhile";

  private final Listing listing;
  private final Channel<byte[], byte[]> channel;
  private final Set<Integer> refused;
  private final LongConsumer sent;

  Contents(
      Listing listing, Channel<byte[], byte[]> channel, Set<Integer> refused, LongConsumer sent) {
    this.listing = listing;
    this.channel = channel;
    this.refused = refused;
    this.sent = sent;
  }

  private interface Blocks {
    /** Whether more is wanted. */
    boolean take(byte[] buffer, int length);
  }

  /** Tells the hash of a file's content. */
  void tellHash(int index) {
    MessageDigest digest = digest();
    boolean whole =
        read(
            index,
            (buffer, length) -> {
              digest.update(buffer, 0, length);
              return true;
            });
    if (whole) {
      channel.send(new Hashed(index, digest.digest()).written());
    }
  }

  /** Sends a file's content; one behind the other, so that only two blocks are in memory. */
  void send(int index) {
    MessageDigest digest = digest();
    var last = new byte[1][];
    last[0] = new byte[0];
    boolean whole =
        read(
            index,
            (buffer, length) -> {
              digest.update(buffer, 0, length);
              if (last[0].length > 0) {
                channel.send(new Block(index, last[0]).written());
                sent.accept(last[0].length);
              }
              last[0] = Arrays.copyOf(buffer, length);
              return !refused.contains(index);
            });
    if (whole) {
      channel.send(new End(index, digest.digest(), last[0]).written());
      sent.accept(last[0].length);
    }
  }

  /** Whether the file was read as it was listed; else the worker is told why not. */
  private boolean read(int index, Blocks blocks) {
    SyncEntry entry = listing.entries().get(index);
    Path file = listing.folder().resolve(entry.path());
    try {
      if (!isAsListed(file, entry)) {
        return dropped(index, CHANGED);
      }
      long left = entry.size();
      try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        byte[] buffer = new byte[(int) Math.min(SyncMessage.BLOCK_BYTES, Math.max(1, left))];
        while (left > 0) {
          int length = in.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
          if (length == 0) {
            return dropped(index, CHANGED);
          }
          left -= length;
          if (!blocks.take(buffer, length)) {
            return dropped(index, "it was refused");
          }
        }
      }
      return isAsListed(file, entry) || dropped(index, CHANGED);
    } catch (NoSuchFileException e) {
      return dropped(index, VANISHED);
    } catch (IOException e) {
      return dropped(index, Reasons.words(e));
    }
  }

  private static boolean isAsListed(Path file, SyncEntry entry) throws IOException {
    BasicFileAttributes now = Listing.attributes(file);
    return now.isRegularFile()
        && now.size() == entry.size()
        && Listing.micros(now) == entry.mtimeMicros();
  }

  private boolean dropped(int index, String why) {
    channel.send(new Dropped(index, why).written());
    return false;
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
