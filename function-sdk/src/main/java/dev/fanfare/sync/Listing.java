package dev.fanfare.sync;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a folder has: all entries, folders before what is in them, and what could not be read.
 * Immutable.
 *
 * @param problems what could not be read, or is no file, folder or link
 */
public record Listing(Path folder, List<SyncEntry> entries, List<Problem> problems) {
  /** The most entries of one listing. */
  public static final int MOST_ENTRIES = 250_000;

  /** What names of files begin with that a sync makes for a moment. */
  public static final String TEMPORARY = ".fanfare-sync-";

  private static final int USUAL_FILE = 0644;
  private static final int USUAL_FOLDER = 0755;

  /** Something that is left out, and why. */
  public record Problem(String path, String words) {}

  /**
   * Looks at a folder.
   *
   * @throws NotDirectoryException if it is none
   * @throws IOException if it cannot be read at all, or has too many entries
   */
  public static Listing of(Path folder, Exclusion exclusion) throws IOException {
    Path real = folder.toRealPath();
    if (!Files.isDirectory(real)) {
      throw new NotDirectoryException(folder.toString());
    }
    var scan = new Scan(real, exclusion);
    scan.folder(real, "");
    return new Listing(real, List.copyOf(scan.entries), List.copyOf(scan.problems));
  }

  /** What it is now; of a link, the link's own. */
  static BasicFileAttributes attributes(Path path) throws IOException {
    boolean posix = path.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        : Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  static long micros(BasicFileAttributes attributes) {
    return attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS);
  }

  private static final class Scan {
    private final Path root;
    private final Exclusion exclusion;
    private final List<SyncEntry> entries = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Scan(Path root, Exclusion exclusion) {
      this.root = root;
      this.exclusion = exclusion;
    }

    void folder(Path folder, String path) throws IOException {
      List<Path> inside = new ArrayList<>();
      try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
        all.forEach(inside::add);
      } catch (IOException | java.nio.file.DirectoryIteratorException e) {
        if (folder.equals(root)) {
          throw e instanceof IOException io ? io : new IOException(e.getCause());
        }
        unreadable(path, e);
        return;
      }
      inside.sort(null);
      for (Path one : inside) {
        String name = one.getFileName().toString();
        String below = path.isEmpty() ? name : path + "/" + name;
        if (!name.startsWith(TEMPORARY) && !exclusion.matches(below)) {
          entry(one, below);
        }
      }
    }

    private void entry(Path file, String path) throws IOException {
      BasicFileAttributes attributes;
      try {
        attributes = attributes(file);
        if (attributes.isSymbolicLink()) {
          add(SyncEntry.link(path, Files.readSymbolicLink(file).toString()));
          return;
        }
      } catch (IOException e) {
        unreadable(path, e);
        return;
      }
      long mtime = micros(attributes);
      if (attributes.isDirectory()) {
        add(SyncEntry.folder(path, mode(attributes, USUAL_FOLDER), mtime));
        folder(file, path);
      } else if (attributes.isRegularFile()) {
        add(SyncEntry.file(path, mode(attributes, USUAL_FILE), mtime, attributes.size()));
      } else {
        problems.add(new Problem(path, "is no file, folder or link"));
        add(SyncEntry.unreadable(path));
      }
    }

    private void unreadable(String path, Exception e) throws IOException {
      problems.add(new Problem(path, Reasons.words(e)));
      if (!(e instanceof NoSuchFileException)) {
        add(SyncEntry.unreadable(path));
      }
    }

    private void add(SyncEntry entry) throws IOException {
      if (entries.size() == MOST_ENTRIES) {
        throw new IOException(
            root + " has more than " + MOST_ENTRIES + " entries: sync its folders one by one");
      }
      entries.add(entry);
    }

    private static int mode(BasicFileAttributes attributes, int usual) {
      return attributes instanceof PosixFileAttributes posix
          ? Modes.bits(posix.permissions())
          : usual;
    }
  }
}
