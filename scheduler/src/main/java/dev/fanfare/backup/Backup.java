package dev.fanfare.backup;

import dev.fanfare.blob.BlobWriter;
import dev.fanfare.blob.Blobs;
import dev.fanfare.ledger.DataFolder;
import dev.fanfare.ledger.Ledger;
import dev.fanfare.ledger.LedgerException;
import dev.fanfare.ledger.Retention;
import dev.fanfare.protocol.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Everything durable of a node in one zip file: the ledger as it stood at one moment, and the
 * blobs. A blob is on disk before the ledger names it, so those that are read after the ledger are
 * all that it names. All of it blocks.
 */
public final class Backup {
  private static final String MARK = "fanfare-backup-1";
  private static final String LEDGER = "ledger.db";
  private static final Pattern BLOB = Pattern.compile("blobs/([0-9a-f]{64})");
  private static final int COPY_BYTES = 1 << 16;

  private Backup() {}

  /**
   * What was put back.
   *
   * @param blobs how many files beside the ledger
   */
  public record Restored(Path folder, int blobs, long bytes) {}

  /** Writes a backup while the node goes on. */
  public static void write(Ledger ledger, Blobs blobs, Path file) {
    ledger.requireFile();
    Path copy = file.resolveSibling(file.getFileName() + ".ledger");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(Deflater.BEST_SPEED);
      zip.putNextEntry(new ZipEntry(MARK));
      ledger.copyTo(copy);
      zip.putNextEntry(new ZipEntry(LEDGER));
      Files.copy(copy, zip);
      for (Sha256 hash : blobs.all()) {
        Path blob = blobs.path(hash);
        if (Files.exists(blob)) { // else it was swept meanwhile, and nothing names it
          zip.putNextEntry(new ZipEntry("blobs/" + hash.hex()));
          Files.copy(blob, zip);
        }
      }
    } catch (IOException e) {
      throw BackupException.notWritten(file, e);
    } finally {
      deleteQuietly(copy);
    }
  }

  /**
   * Puts a backup into a data folder that has no ledger, and looks whether what was put there is
   * whole.
   *
   * @throws BackupException if the file is no backup, or is damaged, or its ledger is of a newer
   *     software, or the folder has a ledger, or the log of one
   */
  public static Restored restore(Path file, Path data) {
    try (ZipFile zip = new ZipFile(file.toFile());
        DataFolder folder = DataFolder.open(data)) {
      if (zip.getEntry(MARK) == null || zip.getEntry(LEDGER) == null) {
        throw BackupException.notOne(file, "it lacks the mark or the ledger");
      }
      requireFree(folder.path());
      Restored restored = unpack(file, zip, folder.path());
      open(file, folder);
      return restored;
    } catch (IOException e) {
      throw BackupException.notRead(file, e);
    }
  }

  /** A log that is left of another ledger would be written into the one that is put back. */
  private static void requireFree(Path folder) {
    if (Files.exists(folder.resolve(LEDGER))) {
      throw BackupException.occupied(folder);
    }
    Path log = folder.resolve(LEDGER + "-wal");
    if (Files.exists(log)) {
      throw BackupException.leftOver(log);
    }
  }

  /** Looks whether the ledger is one for this software; one that is not is not left behind. */
  private static void open(Path file, DataFolder folder) throws IOException {
    try {
      Ledger.open(folder, Retention.DEFAULT, Clock.systemUTC()).close();
    } catch (LedgerException e) {
      for (String end : List.of("", "-wal", "-shm")) {
        Files.deleteIfExists(folder.path().resolve(LEDGER + end));
      }
      throw BackupException.refused(file, e);
    }
  }

  /** The ledger comes last, so that a folder that has one has all. */
  private static Restored unpack(Path file, ZipFile zip, Path folder) throws IOException {
    Blobs blobs = Blobs.open(folder.resolve("blobs"), Clock.systemUTC());
    int count = 0;
    long bytes = 0;
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      ZipEntry entry = entries.nextElement();
      Matcher blob = BLOB.matcher(entry.getName());
      if (blob.matches()) {
        bytes += put(file, zip, entry, blobs, new Sha256(blob.group(1)));
        count++;
      } else if (!entry.getName().equals(MARK) && !entry.getName().equals(LEDGER)) {
        throw BackupException.notOne(file, "it has '" + entry.getName() + "', as no backup does");
      }
    }
    Path unfinished = folder.resolve(LEDGER + ".restoring");
    bytes += put(file, zip, zip.getEntry(LEDGER), unfinished);
    Files.move(unfinished, folder.resolve(LEDGER));
    return new Restored(folder, count, bytes);
  }

  /** Nothing else compares the bytes with the checksum that the zip file has of them. */
  private static long put(Path file, ZipFile zip, ZipEntry ledger, Path unfinished)
      throws IOException {
    var sum = new CRC32();
    try (InputStream in = new CheckedInputStream(zip.getInputStream(ledger), sum);
        OutputStream out = Files.newOutputStream(unfinished)) {
      long bytes = in.transferTo(out);
      if (sum.getValue() != ledger.getCrc()) {
        throw BackupException.notOne(file, "the ledger in it is damaged");
      }
      return bytes;
    }
  }

  private static long put(Path file, ZipFile zip, ZipEntry entry, Blobs blobs, Sha256 named)
      throws IOException {
    byte[] buffer = new byte[COPY_BYTES];
    try (InputStream in = zip.getInputStream(entry);
        BlobWriter writer = blobs.write()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        writer.write(buffer, 0, read);
      }
      long size = writer.size();
      if (!writer.commit().equals(named)) {
        throw BackupException.notOne(file, "the blob " + named.brief() + "… is damaged");
      }
      return size;
    }
  }

  private static void deleteQuietly(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      file.toFile().deleteOnExit();
    }
  }
}
