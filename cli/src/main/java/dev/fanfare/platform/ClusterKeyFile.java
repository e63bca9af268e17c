package dev.fanfare.platform;

import dev.fanfare.cluster.ClusterKey;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** The cluster's key in a node's data folder, for its owner only. */
public final class ClusterKeyFile {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final int BITS = 160;

  private final Path file;

  private ClusterKeyFile(Path file) {
    this.file = file;
  }

  /** The one in a data folder, which need not be there. */
  public static ClusterKeyFile in(Path data) {
    return new ClusterKeyFile(data.resolve("cluster-key"));
  }

  /** Where it is. */
  public Path path() {
    return file;
  }

  /**
   * The key that was given, else the one that is kept here, else a new one. It is kept from now on.
   *
   * @param joins whether the node is to join others, whose key a new one would not be
   */
  public String key(Optional<String> given, boolean joins) {
    try {
      Optional<String> kept = read();
      if (given.isEmpty() && kept.isEmpty() && joins) {
        throw CommandException.usage("the key of the cluster is needed to join it")
            .advise(
                "it is in the data folder of every node that is in it, in the file 'cluster-key';"
                    + " give it with FANFARE_NODE_CLUSTER_KEY or --cluster-key-file FILE");
      }
      String key = check(given.or(() -> kept).orElseGet(ClusterKeyFile::fresh));
      if (!kept.equals(Optional.of(key))) {
        write(key);
      }
      return key;
    } catch (IOException e) {
      throw CommandException.platform("cannot use " + file + ": " + e.getMessage()).causedBy(e);
    }
  }

  /** The key in a file of the user's. */
  public static String read(Path file) {
    try {
      refuseWhenShared(file);
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw CommandException.usage("cannot read the cluster key in " + file + ": " + e.getMessage())
          .causedBy(e);
    }
  }

  private Optional<String> read() {
    return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
  }

  private void write(String key) throws IOException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, attributes(posix, OWNER_ONLY_FOLDER));
    }
    Files.deleteIfExists(file);
    Files.createFile(file, attributes(posix, OWNER_ONLY));
    Files.writeString(file, key + "\n");
  }

  private static FileAttribute<?>[] attributes(boolean posix, Set<PosixFilePermission> allowed) {
    return posix
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(allowed)}
        : new FileAttribute<?>[0];
  }

  private static String check(String key) {
    try {
      return ClusterKey.check(key);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  /** A new one. */
  public static String fresh() {
    return new BigInteger(BITS, new SecureRandom()).setBit(BITS).toString(36);
  }

  private static void refuseWhenShared(Path file) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view != null && !OWNER_ONLY.containsAll(view.readAttributes().permissions())) {
      throw CommandException.usage(file + " holds the cluster's key and others may use it")
          .advise("chmod 600 " + file);
    }
  }
}
