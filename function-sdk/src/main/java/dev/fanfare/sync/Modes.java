package dev.fanfare.sync;

import static java.nio.file.attribute.PosixFilePermission.GROUP_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.GROUP_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_READ;
import static java.nio.file.attribute.PosixFilePermission.OTHERS_WRITE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Permissions as nine bits, and back. */
public final class Modes {
  /** From the highest bit on. */
  private static final List<PosixFilePermission> BITS =
      List.of(
          OWNER_READ,
          OWNER_WRITE,
          OWNER_EXECUTE,
          GROUP_READ,
          GROUP_WRITE,
          GROUP_EXECUTE,
          OTHERS_READ,
          OTHERS_WRITE,
          OTHERS_EXECUTE);

  private Modes() {}

  /** The bits of permissions. */
  public static int bits(Set<PosixFilePermission> permissions) {
    int bits = 0;
    for (int i = 0; i < BITS.size(); i++) {
      if (permissions.contains(BITS.get(i))) {
        bits |= 0400 >> i;
      }
    }
    return bits;
  }

  /** The permissions of bits. */
  public static Set<PosixFilePermission> permissions(int bits) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    for (int i = 0; i < BITS.size(); i++) {
      if ((bits & 0400 >> i) != 0) {
        permissions.add(BITS.get(i));
      }
    }
    return permissions;
  }
}
