package dev.fanfare.deploy;

/**
 * How much a jar may hold.
 *
 * @param entries files and folders in it
 * @param directoryBytes its table of contents, which is read whole
 * @param unpackedBytes all files together, counted while they are read
 * @param classBytes one class file
 * @param functions annotated methods
 */
record ScanLimits(
    int entries, long directoryBytes, long unpackedBytes, int classBytes, int functions) {
  static final ScanLimits DEFAULT = new ScanLimits(65_536, 16L << 20, 1L << 30, 16 << 20, 1_000);
}
