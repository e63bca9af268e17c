package dev.fanfare.platform;

import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Secrets in files that not everybody may read: mode 600, or 640 where a group shares them. */
public final class SecretFile {
  private static final Set<PosixFilePermission> EVERYBODY =
      EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

  private SecretFile() {}

  /** The secret, refused if everybody may use it. */
  public static String read(Path file) {
    try {
      var view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
      if (view != null
          && view.readAttributes().permissions().stream().anyMatch(EVERYBODY::contains)) {
        throw CommandException.usage(file + " holds a secret and everybody may use it")
            .advise("chmod 600 " + file);
      }
      String secret = Files.readString(file).strip();
      if (secret.isEmpty()) {
        throw CommandException.usage(file + " is empty; a secret was expected");
      }
      return secret;
    } catch (IOException e) {
      throw CommandException.usage("cannot read the secret in " + file + ": " + e).causedBy(e);
    }
  }

  /** Writes a new file that its owner alone may read. */
  public static void write(Path file, String secret) throws IOException {
    Files.createFile(file, ownerOnly(file, "rw-------"));
    Files.writeString(file, secret + "\n");
  }

  /** Makes a folder that its owner alone may enter, unless it is there. */
  public static void makeFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path file, String permissions) {
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }
}
