package dev.fanfare.deploy;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first bytes of a class file (JVMS 4.1).
 *
 * @param major 45 for Java 1.1, and one more with each release
 */
record ClassHeader(int major, int minor) {
  private static final int MAGIC = 0xCAFEBABE;
  private static final int MAJOR_OF_RELEASE_ZERO = 44;
  private static final int PREVIEW = 0xFFFF;
  private static final int BYTES = 8;

  /** The feature release of the Java that runs the platform, which runs functions too. */
  static final int PLATFORM_RELEASE = Runtime.version().feature();

  /** The header, if these bytes begin like a class file. */
  static Optional<ClassHeader> read(byte[] file) {
    if (file.length < BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = ByteBuffer.wrap(file);
    int minor = Short.toUnsignedInt(bytes.getShort(4));
    int major = Short.toUnsignedInt(bytes.getShort(6));
    return bytes.getInt(0) == MAGIC && major > MAJOR_OF_RELEASE_ZERO
        ? Optional.of(new ClassHeader(major, minor))
        : Optional.empty();
  }

  /** What is wrong with a class, or one that it names, that could not be read to its end. */
  static String unsound(Throwable e) {
    String why = e instanceof StackOverflowError ? "types nested too deeply" : e.getMessage();
    return "is no sound class file, or refers to one that is not: "
        + (why == null ? e.getClass().getSimpleName() : why);
  }

  /** The Java that the class was compiled for, for example 25. */
  int release() {
    return major - MAJOR_OF_RELEASE_ZERO;
  }

  /** Why the platform cannot run the class; empty where it can. */
  Optional<String> obstacle() {
    if (release() > PLATFORM_RELEASE) {
      return Optional.of(
          "is compiled for Java %d, and the platform runs Java %d: compile with --release %d or older"
              .formatted(release(), PLATFORM_RELEASE, PLATFORM_RELEASE));
    }
    if (minor == PREVIEW && release() >= 12) {
      return Optional.of(
          "uses preview features of Java %d, which the platform does not enable: compile without --enable-preview"
              .formatted(release()));
    }
    return Optional.empty();
  }
}
