package dev.fanfare.ledger;

import dev.fanfare.protocol.NodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * A node's data folder, held by this process alone until it is closed. The hold ends with the
 * process, however that ends.
 */
public final class DataFolder implements AutoCloseable {
  private static final int LONGEST_HOLDER = 100;

  private final Path path;
  private final FileChannel lockFile;

  private DataFolder(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Takes the folder; makes it, for its owner only, if it is not there.
   *
   * @throws LedgerException if it cannot be written or another process holds it
   */
  public static DataFolder open(Path path) {
    Path folder = path.toAbsolutePath().normalize();
    try {
      make(folder);
      FileChannel lockFile =
          FileChannel.open(
              folder.resolve("lock"),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return lock(folder, lockFile);
    } catch (IOException e) {
      throw LedgerException.folderUnusable(folder, e);
    }
  }

  /** The id of the node whose folder this is: the same at every start. */
  public NodeId nodeId() {
    Path file = path.resolve("node-id");
    try {
      if (!Files.exists(file)) {
        Path fresh = path.resolve("node-id.new");
        Files.writeString(
            fresh, "node-" + Long.toUnsignedString(new SecureRandom().nextLong(), 36) + "\n");
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
      }
      return new NodeId(Files.readString(file).strip());
    } catch (IOException e) {
      throw LedgerException.folderUnusable(path, e);
    } catch (IllegalArgumentException e) {
      throw LedgerException.folderUnusable(path, new IOException(file + " holds no node id", e));
    }
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  @Override
  public void close() {
    try {
      lockFile.close();
    } catch (IOException e) {
      throw LedgerException.folderUnusable(path, e);
    }
  }

  private static void make(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      var ownerOnly = PosixFilePermissions.fromString("rwx------");
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(ownerOnly));
    } else {
      Files.createDirectories(folder);
    }
  }

  private static DataFolder lock(Path folder, FileChannel lockFile) throws IOException {
    if (tryLock(lockFile) == null) {
      String holder = holder(lockFile);
      lockFile.close();
      throw LedgerException.folderInUse(folder, holder);
    }
    lockFile.truncate(0);
    String me = "process " + ProcessHandle.current().pid();
    lockFile.write(ByteBuffer.wrap(me.getBytes(StandardCharsets.UTF_8)), 0);
    return new DataFolder(folder, lockFile);
  }

  private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
    try {
      return lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String holder(FileChannel lockFile) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(LONGEST_HOLDER);
    lockFile.read(text, 0);
    String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8);
    return holder.isBlank() ? "another process" : holder;
  }
}
