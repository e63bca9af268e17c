package dev.fanfare.code;

import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.SecureClassLoader;
import java.security.cert.Certificate;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Loads classes and resources from one jar, and from nowhere else: {@code Class-Path} is ignored.
 */
final class JarClasses extends SecureClassLoader implements Closeable {
  static {
    registerAsParallelCapable();
  }

  private final JarFile jar;
  private final String location;
  private final CodeSource source;

  JarClasses(Path path, ClassLoader parent) throws IOException {
    this("function", path, parent);
  }

  /**
   * @param name what stack traces call it; null for nothing
   */
  JarClasses(@Nullable String name, Path path, ClassLoader parent) throws IOException {
    super(name, parent);
    this.jar = new JarFile(path.toFile(), false, ZipFile.OPEN_READ, Runtime.version());
    URL url = path.toUri().toURL();
    this.location = "jar:" + url + "!/";
    this.source = new CodeSource(url, (Certificate @Nullable []) null);
  }

  /** The class that the jar's manifest calls its main one; empty if it names none. */
  String mainClass() throws IOException {
    Manifest manifest = jar.getManifest();
    String name =
        manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.MAIN_CLASS);
    return name == null ? "" : name;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    JarEntry entry = jar.getJarEntry(name.replace('.', '/') + ".class");
    if (entry == null) {
      throw new ClassNotFoundException(name);
    }
    try (InputStream in = jar.getInputStream(entry)) {
      byte[] bytes = in.readAllBytes();
      definePackageOf(name);
      return defineClass(name, bytes, 0, bytes.length, source);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  @Override
  protected @Nullable URL findResource(String name) {
    JarEntry entry = jar.getJarEntry(name);
    if (entry == null) {
      return null;
    }
    try {
      String path = new File("/" + entry.getRealName()).toURI().getRawPath().substring(1);
      return URI.create(location + path).toURL();
    } catch (MalformedURLException | IllegalArgumentException e) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String name) {
    URL found = findResource(name);
    return Collections.enumeration(found == null ? List.of() : List.of(found));
  }

  @Override
  public void close() throws IOException {
    jar.close();
  }

  private void definePackageOf(String className) throws IOException {
    int dot = className.lastIndexOf('.');
    if (dot < 0 || getDefinedPackage(className.substring(0, dot)) != null) {
      return;
    }
    Manifest manifest = jar.getManifest();
    var attributes = manifest == null ? null : manifest.getMainAttributes();
    String title = attributes == null ? null : attributes.getValue("Implementation-Title");
    String version = attributes == null ? null : attributes.getValue("Implementation-Version");
    try {
      definePackage(className.substring(0, dot), null, null, null, title, version, null, null);
    } catch (IllegalArgumentException e) {
      // another thread defined it meanwhile
    }
  }
}
