package dev.fanfare.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a worker keeps its credential, readable by its owner only. */
record CredentialFile(Path path) {
  private static final Logger log = LoggerFactory.getLogger(CredentialFile.class);

  /** Keeps it; where that fails the worker goes on without, and needs a join token next time. */
  void keep(String credential) {
    try {
      write(credential);
    } catch (IOException e) {
      log.warn("the worker's credential could not be kept in {}", path, e);
    }
  }

  private void write(String credential) throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    var onlyMine =
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, onlyMine);
    Files.writeString(fresh, credential);
    Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
