package dev.fanfare.examples;

import dev.fanfare.code.LoadedFunction;
import dev.fanfare.code.LoadedRevision;
import dev.fanfare.code.MissingCode;
import dev.fanfare.deploy.JarScan;
import dev.fanfare.json.BodySource;
import dev.fanfare.json.ResultSink;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The examples in a jar, scanned as the gateway does it and run as a worker does it. */
final class Deployed implements AutoCloseable {
  private static final long RESULT_LIMIT = 1 << 20;

  private final Path folder;
  private final RevisionManifest manifest;
  private final LoadedRevision code;

  Deployed(Path folder) throws IOException, URISyntaxException {
    this.folder = folder;
    Path classes = Path.of(Echo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = Files.isDirectory(classes) ? packed(classes) : classes;
    RevisionManifest scanned = JarScan.scan(jar, Sha256.of(Files.readAllBytes(jar)));
    this.manifest = Manifests.read(Manifests.write(scanned));
    this.code = LoadedRevision.open(manifest, jar, folder);
  }

  RevisionManifest manifest() {
    return manifest;
  }

  FunctionSpec spec(String function) {
    return manifest.function(new FunctionName(function)).orElseThrow();
  }

  /** The result's text for a body of JSON. */
  String call(String function, String json) throws Throwable {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return new String(
        call(function, new Payload.Inline("application/json", body)), StandardCharsets.UTF_8);
  }

  byte[] call(String function, Payload body) throws Throwable {
    var found = (LoadedFunction.Called) find(function);
    try (var sink = new ResultSink(folder, RESULT_LIMIT)) {
      return switch (found.call(new BodySource(body, folder), new Attempt(1), sink)) {
        case Payload.Inline inline -> inline.bytes();
        case Payload.Blob blob -> Files.readAllBytes(folder.resolve(blob.hash().hex()));
      };
    }
  }

  @Override
  public void close() throws IOException {
    code.close();
  }

  private LoadedFunction find(String function) {
    try {
      return code.function(new FunctionName(function));
    } catch (MissingCode e) {
      throw new AssertionError(e);
    }
  }

  private Path packed(Path classes) throws IOException {
    Path jar = folder.resolve("examples.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String name = classes.relativize(file).toString().replace(File.separatorChar, '/');
        out.putNextEntry(new JarEntry(name));
        out.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }
}
