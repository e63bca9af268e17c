package dev.fanfare.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.function.Fn;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.BufferedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** A jar made of sources and other entries, for tests of what reads jars. */
public final class TestJar {
  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|enum|record|@interface)\\s+(\\w+)");

  private final Path folder;
  private final List<JavaFileObject> sources = new ArrayList<>();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private List<String> options = List.of("-parameters");

  private TestJar(Path folder) {
    this.folder = folder;
  }

  /** An empty jar, to be written into the folder. */
  public static TestJar in(Path folder) {
    return new TestJar(folder);
  }

  /** The body of a class {@code app.Functions} with the usual imports. */
  public static String functions(String members) {
    return imports() + "public class Functions {\n" + members + "\n}\n";
  }

  static String imports() {
    return """
    package app;
    import com.fasterxml.jackson.annotation.*;
    import com.fasterxml.jackson.databind.JsonNode;
    import dev.fanfare.function.*;
    import java.io.*;
    import java.math.*;
    import java.net.*;
    import java.time.*;
    import java.util.*;
    import java.util.concurrent.*;
    import java.util.function.*;
    import java.util.stream.Stream;
    import org.jspecify.annotations.Nullable;
    """;
  }

  public TestJar source(String code) {
    Matcher name = TYPE.matcher(code);
    if (!name.find()) {
      throw new IllegalArgumentException("no type in the source: " + code);
    }
    sources.add(new Source(name.group(1), code));
    return this;
  }

  public TestJar entry(String name, byte[] bytes) {
    entries.put(name, bytes);
    return this;
  }

  TestJar compiledWith(String... javac) {
    options = List.of(javac);
    return this;
  }

  TestJar manifest(String lines) {
    return entry(
        "META-INF/MANIFEST.MF",
        ("Manifest-Version: 1.0\n" + lines + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** The compiled classes by entry name. */
  Map<String, byte[]> classes() {
    try {
      Path output = Files.createTempDirectory(folder, "classes");
      compile(output);
      try (Stream<Path> files = Files.walk(output)) {
        var classes = new LinkedHashMap<String, byte[]>();
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          classes.put(
              output.relativize(file).toString().replace(File.separatorChar, '/'),
              Files.readAllBytes(file));
        }
        return classes;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Path write() {
    try {
      Path jar = Files.createTempFile(folder, "test", ".jar");
      var all = new LinkedHashMap<>(entries);
      if (!sources.isEmpty()) {
        all.putAll(classes());
      }
      try (var zip = new ZipOutputStream(new BufferedOutputStream(Files.newOutputStream(jar)))) {
        for (var entry : all.entrySet()) {
          zip.putNextEntry(new ZipEntry(entry.getKey()));
          zip.write(entry.getValue());
          zip.closeEntry();
        }
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RevisionManifest scan() {
    return scan(write());
  }

  static RevisionManifest scan(Path jar) {
    try {
      return JarScan.scan(jar, Sha256.of(Files.readAllBytes(jar)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(Path output) {
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    var all = new ArrayList<>(options);
    all.addAll(List.of("-proc:none", "-d", output.toString(), "-cp", classPath()));
    var task =
        ToolProvider.getSystemJavaCompiler()
            .getTask(new StringWriter(), null, diagnostics, all, null, sources);
    if (!task.call()) {
      throw new IllegalArgumentException(diagnostics.getDiagnostics().toString());
    }
  }

  private static String classPath() {
    return Stream.of(Fn.class, JsonProperty.class, JsonNode.class, Nullable.class)
        .map(TestJar::placeOf)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static String placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static final class Source extends SimpleJavaFileObject {
    private final String code;

    Source(String name, String code) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
