package dev.fanfare.source;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.SortedMap;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/**
 * What a source file became.
 *
 * @param mainClass binary name of the file's first class
 * @param classes class files by binary name
 */
public record Compiled(String mainClass, SortedMap<String, byte[]> classes) {

  /** Writes it as a jar whose manifest names the main class. */
  public void write(OutputStream to) throws IOException {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, mainClass);
    try (var jar = new JarOutputStream(to, manifest)) {
      for (Map.Entry<String, byte[]> each : classes.entrySet()) {
        jar.putNextEntry(new ZipEntry(each.getKey().replace('.', '/') + ".class"));
        jar.write(each.getValue());
      }
    }
  }
}
