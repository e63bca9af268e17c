package dev.fanfare.deploy;

import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.nio.file.Path;

/** Reads the functions of a jar from its class files. No class of it is ever loaded. */
public final class JarScan {

  private JarScan() {}

  /**
   * Scans a jar. Reads all of it and blocks meanwhile.
   *
   * @param artifact the hash of the jar's bytes
   * @return what its revision is
   * @throws Undeployable if it is no jar, has no functions, or any function is wrong; names
   *     everything
   * @throws java.io.UncheckedIOException if the file cannot be read
   */
  @SuppressWarnings("DoNotCallSuggester")
  public static RevisionManifest scan(Path jar, Sha256 artifact) {
    throw new UnsupportedOperationException("not there yet: " + jar + " " + artifact);
  }
}
