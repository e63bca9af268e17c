package dev.fanfare.protocol;

import org.jspecify.annotations.Nullable;

/** Equal to the kind that manifests leave out, which is how Jackson asks. */
final class JarIsUsual {

  @Override
  public boolean equals(@Nullable Object kind) {
    return kind == RevisionKind.JAR;
  }

  @Override
  public int hashCode() {
    return RevisionKind.JAR.hashCode();
  }
}
