package dev.fanfare.deploy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads the entries of a jar to their ends, counts what comes out, and compares checksums. */
final class Unpacker {
  private final ZipFile zip;
  private final ScanLimits limits;
  private final Problems problems;
  private final byte[] buffer = new byte[16 * 1024];
  private long unpacked;

  Unpacker(ZipFile zip, ScanLimits limits, Problems problems) {
    this.zip = zip;
    this.limits = limits;
    this.problems = problems;
  }

  /** Whether all of the entry was read and is as it was when the jar was made. */
  boolean read(ZipEntry entry, OutputStream to) throws IOException {
    boolean isClass = entry.getName().endsWith(".class");
    var checksum = new CRC32();
    long size = 0;
    try (InputStream in = zip.getInputStream(entry)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        size += n;
        unpacked += n;
        refuseTooLarge(entry, isClass ? size : 0);
        checksum.update(buffer, 0, n);
        to.write(buffer, 0, n);
      }
    } catch (ZipException | EOFException e) {
      damaged(entry, "cannot be unpacked (" + e.getMessage() + ")");
      return false;
    }
    if (entry.getCrc() != -1 && entry.getCrc() != checksum.getValue()) {
      damaged(entry, "is damaged, its checksum is wrong");
      return false;
    }
    return true;
  }

  private void damaged(ZipEntry entry, String how) {
    problems.add(
        ProblemCode.DAMAGED_JAR,
        entry.getName(),
        "the entry " + how + ": build or send the jar again");
  }

  private void refuseTooLarge(ZipEntry entry, long classBytes) {
    if (unpacked > limits.unpackedBytes()) {
      throw problems.fatal(
          ProblemCode.TOO_LARGE,
          "the jar has more than %s bytes when unpacked (reached in '%s'): leave out what the functions do not need"
              .formatted(Problems.count(limits.unpackedBytes()), entry.getName()));
    }
    if (classBytes > limits.classBytes()) {
      throw problems.fatal(
          ProblemCode.TOO_LARGE,
          "the class file '%s' has more than %s bytes"
              .formatted(entry.getName(), Problems.count(limits.classBytes())));
    }
  }
}
