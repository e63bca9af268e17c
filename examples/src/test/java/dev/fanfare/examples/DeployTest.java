package dev.fanfare.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.deploy.JarScan;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployTest {
  @TempDir static Path folder;
  static RevisionManifest manifest;

  @BeforeAll
  static void scan() throws Exception {
    Path classes = Path.of(Echo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Path jar = Files.isDirectory(classes) ? packed(classes) : classes;
    manifest = JarScan.scan(jar, Sha256.of(Files.readAllBytes(jar)));
  }

  @Test
  void everyExampleIsAFunction() {
    assertThat(manifest.functions())
        .extracting(spec -> spec.name().value())
        .containsExactly(
            "chatter",
            "collatz",
            "echo",
            "echo-bytes",
            "echo-json",
            "fail",
            "flaky",
            "hello",
            "monte-carlo-pi",
            "orders.price",
            "orders.product",
            "resize",
            "sleep",
            "thumbnail",
            "word-count");
  }

  @Test
  void bodiesAreOfEveryKind() {
    assertThat(List.of(kind("thumbnail"), kind("hello"), kind("fail"), kind("collatz")))
        .containsExactly(ResultKind.BYTES, ResultKind.TEXT, ResultKind.NOTHING, ResultKind.JSON);
    assertThat(spec("collatz").parameters())
        .extracting(FunctionSpec.Parameter::name)
        .containsExactly("from", "to");
  }

  @Test
  void anOrdersSchemaNamesItsPayments() {
    JsonNode schema = spec("orders.price").inputSchema();
    assertThat(schema.at("/required").toString()).isEqualTo("[\"items\",\"payment\"]");
    assertThat(schema.at("/$defs/Payment/oneOf").findValuesAsText("const"))
        .containsExactlyInAnyOrder("card", "invoice", "voucher");
  }

  private static ResultKind kind(String name) {
    return spec(name).result();
  }

  private static FunctionSpec spec(String name) {
    return manifest.function(new FunctionName(name)).orElseThrow();
  }

  private static Path packed(Path classes) throws IOException {
    Path jar = folder.resolve("examples.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(
            new JarEntry(
                classes.relativize(file).toString().replace(java.io.File.separatorChar, '/')));
        out.write(Files.readAllBytes(file));
      }
    }
    return jar;
  }
}
