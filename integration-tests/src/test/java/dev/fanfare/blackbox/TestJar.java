package dev.fanfare.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Compiles one public class from source text into a jar. A class in it that is called Missing is
 * left out.
 */
final class TestJar {
  private TestJar() {}

  static Path of(Path folder, String className, String source) {
    try {
      Path classes = Files.createTempDirectory(folder, "classes");
      compile(classes, className, source);
      return pack(classes, folder.resolve(className + ".jar"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void compile(Path classes, String className, String source) {
    var unit =
        new SimpleJavaFileObject(
            URI.create("string:///" + className + ".java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return source;
          }
        };
    var compiler = ToolProvider.getSystemJavaCompiler();
    var options =
        List.of(
            "-d",
            classes.toString(),
            "-parameters",
            "-classpath",
            System.getProperty("java.class.path"));
    if (!compiler.getTask(null, null, null, options, null, List.of(unit)).call()) {
      throw new AssertionError("the test's own source does not compile: " + className);
    }
  }

  private static Path pack(Path classes, Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var files = Files.walk(classes)) {
      for (Path file : files.filter(TestJar::isPacked).sorted().toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return jar;
  }

  private static boolean isPacked(Path file) {
    return Files.isRegularFile(file) && !file.toString().endsWith("$Missing.class");
  }
}
