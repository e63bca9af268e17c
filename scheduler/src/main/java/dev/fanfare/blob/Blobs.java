package dev.fanfare.blob;

import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blobs: those of this node, and by way of it those of the cluster's other nodes. Here they are a
 * folder of files named by their content's SHA-256, spread over subfolders by the first two digits.
 * A file under its name is always whole: it is written aside, synced and renamed. Thread-safe;
 * every method does disk work and blocks. Failures are {@link BlobException}s.
 */
public final class Blobs {
  private static final int DIGITS_OF_SUBFOLDER = 2;

  private static final Logger log = LoggerFactory.getLogger(Blobs.class);

  private final Path folder;
  private final Path unfinished;
  private final Clock clock;

  /**
   * Held while a blob's age is looked at or changed, so that a sweep takes none that is wanted
   * again.
   */
  private final ReentrantLock ages = new ReentrantLock();

  private volatile Elsewhere elsewhere = Elsewhere.NOWHERE;

  /** The other nodes that keep blobs. Blocks; what it cannot do in time it leaves. */
  public interface Elsewhere {
    /** No other node. */
    Elsewhere NOWHERE =
        new Elsewhere() {
          @Override
          public void copy(Sha256 hash) {}

          @Override
          public boolean bring(Sha256 hash) {
            return false;
          }
        };

    /** Sees to it that another node has this blob, too, which has just come to be here. */
    void copy(Sha256 hash);

    /** Brings a blob here; false if none has it. */
    boolean bring(Sha256 hash);
  }

  private Blobs(Path folder, Clock clock) {
    this.folder = folder;
    this.unfinished = folder.resolve("unfinished");
    this.clock = clock;
  }

  /**
   * The blobs in this folder, which is made if it is not there; unfinished files in it are removed.
   */
  public static Blobs open(Path folder, Clock clock) {
    Blobs blobs = new Blobs(folder, clock);
    try {
      Files.createDirectories(blobs.unfinished);
      try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(blobs.unfinished)) {
        for (Path leftover : leftovers) {
          Files.deleteIfExists(leftover);
        }
      }
    } catch (IOException e) {
      throw BlobException.failed("use the folder", folder, e);
    }
    return blobs;
  }

  /** From now on blobs are shared with these nodes. */
  public void shareWith(Elsewhere others) {
    elsewhere = others;
  }

  /** Where the blob of this hash is, or would be. */
  public Path path(Sha256 hash) {
    return folder.resolve(hash.hex().substring(0, DIGITS_OF_SUBFOLDER)).resolve(hash.hex());
  }

  /** Whether the blob is here. */
  public boolean has(Sha256 hash) {
    return Files.exists(path(hash));
  }

  /** Whether the blob is here now, brought from another node if need be. */
  public boolean obtain(Sha256 hash) {
    return has(hash) || elsewhere.bring(hash);
  }

  /** The bytes of a blob that is here. */
  public long size(Sha256 hash) {
    try {
      return Files.size(path(hash));
    } catch (NoSuchFileException e) {
      throw BlobException.missing(hash, e);
    } catch (IOException e) {
      throw BlobException.failed("read", path(hash), e);
    }
  }

  /**
   * At most {@code length} bytes from the offset; fewer at the blob's end, none past it. A blob
   * that is not here is brought here.
   */
  public byte[] read(Sha256 hash, long offset, int length) {
    obtain(hash);
    return readHere(hash, offset, length);
  }

  /**
   * All bytes of a blob, compared with its hash. One that is damaged here is set aside, and another
   * node's taken.
   */
  public byte[] readWhole(Sha256 hash) {
    obtain(hash);
    byte[] bytes = readAll(hash);
    if (Sha256.of(bytes).equals(hash)) {
      return bytes;
    }
    Path aside = setAside(hash);
    if (!elsewhere.bring(hash)) {
      throw BlobException.damaged(path(hash), aside);
    }
    return readAll(hash); // what is brought has been compared
  }

  private byte[] readAll(Sha256 hash) {
    return readHere(hash, 0, Math.toIntExact(size(hash)));
  }

  private Path setAside(Sha256 hash) {
    Path aside = folder.resolve("damaged").resolve(hash.hex());
    try {
      Files.createDirectories(aside.getParent());
      Files.move(path(hash), aside, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw BlobException.failed("set aside the damaged", path(hash), e);
    }
    log.error("the file {} is damaged; it was moved to {}", path(hash), aside);
    return aside;
  }

  /** At most so many bytes of a blob that is here; as {@link #read}. */
  public byte[] readHere(Sha256 hash, long offset, int length) {
    try (FileChannel file = FileChannel.open(path(hash), StandardOpenOption.READ)) {
      int there = Math.clamp(file.size() - offset, 0, length);
      ByteBuffer bytes = ByteBuffer.allocate(there);
      while (bytes.hasRemaining() && file.read(bytes, offset + bytes.position()) >= 0) {
        // a read may bring less than asked for
      }
      return bytes.hasRemaining() ? Arrays.copyOf(bytes.array(), bytes.position()) : bytes.array();
    } catch (NoSuchFileException e) {
      throw BlobException.missing(hash, e);
    } catch (IOException e) {
      throw BlobException.failed("read", path(hash), e);
    }
  }

  /** Starts a new blob, of content whose hash is not known yet. One thread at a time may use it. */
  public BlobWriter write() {
    try {
      return new BlobWriter(this, Files.createTempFile(unfinished, "", ""));
    } catch (IOException e) {
      throw BlobException.failed("write in", unfinished, e);
    }
  }

  /** All that are here now. */
  public List<Sha256> all() {
    var all = new ArrayList<Sha256>();
    try (DirectoryStream<Path> subfolders = Files.newDirectoryStream(folder, "[0-9a-f][0-9a-f]")) {
      for (Path subfolder : subfolders) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(subfolder)) {
          files.forEach(file -> all.add(new Sha256(file.getFileName().toString())));
        }
      }
    } catch (IOException e) {
      throw BlobException.failed("list", folder, e);
    }
    return all;
  }

  /** A new empty file for a passing purpose; whatever is left of it goes at the next start. */
  public Path temporary() {
    try {
      return Files.createTempFile(unfinished, "", "");
    } catch (IOException e) {
      throw BlobException.failed("write in", unfinished, e);
    }
  }

  /** Keeps these bytes, here and at another node. */
  public Sha256 put(byte[] bytes) {
    Sha256 hash = Sha256.of(bytes);
    if (touch(hash)) {
      return hash;
    }
    try (BlobWriter writer = write()) {
      writer.write(bytes, 0, bytes.length);
      return writer.commit();
    }
  }

  /** Keeps these bytes here alone: they come from elsewhere, or others get them in another way. */
  public Sha256 putHere(byte[] bytes) {
    Sha256 hash = Sha256.of(bytes);
    if (touch(hash)) {
      return hash;
    }
    try (BlobWriter writer = write()) {
      writer.write(bytes, 0, bytes.length);
      return writer.commitHere();
    }
  }

  /** Has a blob that has just come to be here copied to another node. */
  void copy(Sha256 hash) {
    elsewhere.copy(hash);
  }

  /**
   * Removes blobs that were last written before the given time and that nobody wants kept.
   *
   * @return how many were removed
   */
  public int sweep(Instant before, Predicate<Sha256> kept) {
    int removed = 0;
    try (DirectoryStream<Path> subfolders = Files.newDirectoryStream(folder, "[0-9a-f][0-9a-f]")) {
      for (Path subfolder : subfolders) {
        removed += sweep(subfolder, FileTime.from(before), kept);
      }
    } catch (IOException e) {
      throw BlobException.failed("sweep", folder, e);
    }
    return removed;
  }

  /**
   * Takes a finished file as the blob of its hash; one that is here already starts its age anew.
   */
  void adopt(Path file, Sha256 hash) throws IOException {
    if (touch(hash)) {
      Files.delete(file);
      return;
    }
    Path path = path(hash);
    Files.createDirectories(path.getParent());
    Files.move(file, path, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel subfolder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
      subfolder.force(true);
    }
  }

  private boolean touch(Sha256 hash) {
    ages.lock();
    try {
      Files.setLastModifiedTime(path(hash), FileTime.from(clock.instant()));
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      ages.unlock();
    }
  }

  private int sweep(Path subfolder, FileTime before, Predicate<Sha256> kept) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(subfolder)) {
      for (Path file : files) {
        if (!kept.test(new Sha256(file.getFileName().toString())) && removeOld(file, before)) {
          removed++;
        }
      }
    }
    return removed;
  }

  private boolean removeOld(Path file, FileTime before) throws IOException {
    ages.lock();
    try {
      return Files.getLastModifiedTime(file).compareTo(before) < 0 && Files.deleteIfExists(file);
    } finally {
      ages.unlock();
    }
  }
}
