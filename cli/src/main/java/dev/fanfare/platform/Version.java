package dev.fanfare.platform;

import java.util.Optional;

/** The version of this software. */
public final class Version {
  /** As the build names it, or {@code development}. */
  public static final String NUMBER =
      Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
          .orElse("development");

  private Version() {}
}
