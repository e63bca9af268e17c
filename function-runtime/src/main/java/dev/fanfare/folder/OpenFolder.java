package dev.fanfare.folder;

import dev.fanfare.sync.Modes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A folder held open: what is done in it is done in this very folder, wherever its path leads
 * meanwhile. Links are never followed. Not thread-safe.
 */
final class OpenFolder implements AutoCloseable {
  private final SecureDirectoryStream<Path> stream;

  private OpenFolder(SecureDirectoryStream<Path> stream) {
    this.stream = stream;
  }

  /**
   * Opens a folder by a path that is trusted.
   *
   * @throws Refusal if this machine cannot hold folders open
   */
  @SuppressWarnings("StreamResourceLeak") // held open, which is what it is for
  static OpenFolder at(Path path) throws IOException {
    DirectoryStream<Path> opened = Files.newDirectoryStream(path);
    if (opened instanceof SecureDirectoryStream<Path> secure) {
      return new OpenFolder(secure);
    }
    opened.close();
    throw new Refusal("folders of this kind of machine cannot be written safely");
  }

  /** The folder of this name in it. */
  OpenFolder child(String name) throws IOException {
    return new OpenFolder(stream.newDirectoryStream(Path.of(name), LinkOption.NOFOLLOW_LINKS));
  }

  /** Its names; to be asked for once. */
  List<String> names() throws IOException {
    var names = new ArrayList<String>();
    try {
      for (Path path : stream) {
        names.add(path.getFileName().toString());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return names;
  }

  /** What has this name. */
  Optional<Found> look(String name) throws IOException {
    try {
      return Optional.of(Found.of(view(name).readAttributes()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** A new file that nobody else may use yet. */
  FileChannel create(String name) throws IOException {
    return (FileChannel)
        stream.newByteChannel(
            Path.of(name),
            Set.of(
                StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(Modes.permissions(0600)));
  }

  SeekableByteChannel read(String name) throws IOException {
    return stream.newByteChannel(
        Path.of(name), Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** Gives what has the one name another name in another folder; what had that is no more. */
  void move(String from, OpenFolder folder, String to) throws IOException {
    stream.move(Path.of(from), folder.stream, Path.of(to));
  }

  void deleteFile(String name) throws IOException {
    stream.deleteFile(Path.of(name));
  }

  void deleteFolder(String name) throws IOException {
    stream.deleteDirectory(Path.of(name));
  }

  void setMode(String name, int mode) throws IOException {
    view(name).setPermissions(Modes.permissions(mode));
  }

  void setTime(String name, long micros) throws IOException {
    view(name).setTimes(FileTime.from(micros, TimeUnit.MICROSECONDS), null, null);
  }

  private PosixFileAttributeView view(String name) {
    return stream.getFileAttributeView(
        Path.of(name), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void close() throws IOException {
    stream.close();
  }

  /** What a name in a folder stands for. */
  record Found(Kind kind, int mode, long mtimeMicros, long size) {
    enum Kind {
      FOLDER,
      FILE,
      LINK,
      OTHER
    }

    private static Found of(PosixFileAttributes attributes) {
      Kind kind =
          attributes.isSymbolicLink()
              ? Kind.LINK
              : attributes.isDirectory()
                  ? Kind.FOLDER
                  : attributes.isRegularFile() ? Kind.FILE : Kind.OTHER;
      return new Found(
          kind,
          Modes.bits(attributes.permissions()),
          attributes.lastModifiedTime().to(TimeUnit.MICROSECONDS),
          kind == Kind.FILE ? attributes.size() : 0);
    }
  }
}
