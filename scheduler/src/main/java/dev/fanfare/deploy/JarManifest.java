package dev.fanfare.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * What a jar's manifest says that matters here.
 *
 * @param multiRelease whether the jar has versions of classes for several Java releases
 */
record JarManifest(boolean multiRelease) {
  private static final String ENTRY = "META-INF/MANIFEST.MF";
  private static final int MOST_BYTES = 1 << 20;

  static JarManifest read(ZipFile zip, Problems problems) throws IOException {
    ZipEntry entry = zip.getEntry(ENTRY);
    if (entry == null) {
      return new JarManifest(false);
    }
    Attributes main;
    try (InputStream in = zip.getInputStream(entry)) {
      main = new Manifest(new ByteArrayInputStream(in.readNBytes(MOST_BYTES))).getMainAttributes();
    } catch (IOException e) {
      problems.add(
          ProblemCode.DAMAGED_JAR, ENTRY, "the manifest cannot be read: " + e.getMessage());
      return new JarManifest(false);
    }
    String classPath = main.getValue(Attributes.Name.CLASS_PATH);
    if (classPath != null && !classPath.isBlank()) {
      problems.add(
          ProblemCode.CLASS_PATH,
          ENTRY,
          "the manifest's Class-Path names other files (%s), which are not deployed: pack their classes into this jar"
              .formatted(classPath.strip()));
    }
    return new JarManifest(Boolean.parseBoolean(main.getValue(Attributes.Name.MULTI_RELEASE)));
  }
}
