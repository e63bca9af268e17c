package dev.fanfare.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ImagesTest {
  /** The JDK is linked once for all tests, those of other modules too. */
  private static final Path CACHE = Path.of("target/cache/fanfare").toAbsolutePath();

  private static final Path JDK = Path.of(System.getProperty("java.home"));

  @TempDir Path folder;

  @BeforeEach
  void makeDistribution() throws IOException {
    assumeThat(System.getProperty("os.name")).as("images are of Linux").isEqualTo("Linux");
    assumeThat(JDK.resolve("bin/jlink")).as("a JDK with jlink").isExecutable();
    jar("lib/theirs-1.0.jar", "their code");
    jar("lib/ours-development.jar", "our code");
    jar("runtime-lib/ours-development.jar", "our code");
    jar("examples/examples-development.jar", "examples");
  }

  @Test
  void theSameInputMakesTheSameImage() throws IOException {
    BuiltImage first = toTar("first.tar", images());
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
      }
    }
    BuiltImage second = toTar("second.tar", images());

    assertThat(second.digest()).isEqualTo(first.digest()).startsWith("sha256:");
    assertThat(ImageTar.read(folder.resolve("second.tar")).config())
        .isEqualTo(ImageTar.read(folder.resolve("first.tar")).config());
  }

  @Test
  void newCodeOfOursChangesTheLastLayerAlone() throws IOException {
    BuiltImage first = toTar("first.tar", images());
    jar("lib/ours-development.jar", "new code");
    BuiltImage second = toTar("second.tar", images());

    assertThat(second.digest()).isNotEqualTo(first.digest());
    List<String> before = ImageTar.read(folder.resolve("first.tar")).layers();
    List<String> after = ImageTar.read(folder.resolve("second.tar")).layers();
    assertThat(after).hasSameSizeAs(before).hasSizeGreaterThan(3);
    assertThat(after.subList(0, after.size() - 1)).isEqualTo(before.subList(0, before.size() - 1));
    assertThat(after.getLast()).isNotEqualTo(before.getLast());
    assertThat(second.layerBytes().get("fanfare")).isLessThan(1_000);
  }

  @Test
  void anImageFromScratchHoldsJavaItsLibrariesAndAnUnprivilegedUser() throws IOException {
    toTar("image.tar", images());

    ImageTar tar = ImageTar.read(folder.resolve("image.tar"));
    assertThat(tar.files())
        .contains(
            "opt/java/bin/java",
            "opt/java/lib/server/libjvm.so",
            "etc/passwd",
            "etc/nsswitch.conf",
            "tmp/",
            "data/",
            "opt/fanfare/lib/theirs-1.0.jar",
            "opt/fanfare/runtime-lib/ours-development.jar")
        .anyMatch(file -> file.endsWith("/libc.so.6"));
    JsonNode config = tar.config().path("config");
    assertThat(config.path("User").asText()).isEqualTo("10001:10001");
    assertThat(config.path("WorkingDir").asText()).isEqualTo("/data");
    assertThat(config.path("Entrypoint").toString())
        .contains("/opt/java/bin/java", "dev.fanfare.cli.Main");
  }

  @Test
  void twoRevisionsOfAFunctionDifferInOneSmallLayer() throws IOException {
    ImageTar one = revision("one.tar", "one artifact");
    ImageTar other = revision("other.tar", "another artifact");
    ImageTar again = revision("again.tar", "one artifact");

    int last = one.layers().size() - 1;
    assertThat(one.layers().subList(0, last)).isEqualTo(other.layers().subList(0, last));
    assertThat(one.layers().get(last)).isNotEqualTo(other.layers().get(last));
    assertThat(again.config()).isEqualTo(one.config());
    assertThat(one.files())
        .contains("opt/function/artifact", "opt/function/manifest.json")
        .contains("opt/fanfare/runtime-lib/ours-development.jar")
        .doesNotContain("opt/fanfare/lib/ours-development.jar");
    assertThat(one.config().path("config").path("User").asText()).isEqualTo("10001:10001");
  }

  private ImageTar revision(String name, String artifact) throws IOException {
    Path code = Files.writeString(folder.resolve("artifact"), artifact);
    Path manifest = Files.writeString(folder.resolve("manifest"), "{}");
    var id = new RevisionId(Sha256.of(artifact.getBytes(StandardCharsets.UTF_8)));
    images().revision(List.of(tar(name)), id, manifest, code);
    return ImageTar.read(folder.resolve(name));
  }

  @Test
  void theLinkedJavaRuns() throws IOException {
    LinkedJava java = LinkedJava.of(JDK, List.of(), CACHE);

    Output output = Output.of(List.of(java.folder().resolve("bin/java").toString(), "--version"));

    assertThat(output.exitValue()).isZero();
    assertThat(output.text()).contains(String.valueOf(Runtime.version().feature()));
  }

  @Test
  void withoutJlinkItSaysWhatIsNeeded() {
    Images images =
        new Images(folder, folder, CACHE, Optional.empty(), List.of(), "", message -> {});

    assertThatThrownBy(() -> images.platform(List.of(tar("image.tar"))))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("no jlink in " + folder)
        .satisfies(
            e ->
                assertThat(((CommandException) e).advice().orElseThrow())
                    .contains("FANFARE_JAVA_HOME"));
  }

  @Test
  void withoutAnEngineItAdvisesAFile() {
    assertThatThrownBy(() -> EngineProgram.find("/nowhere"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("neither docker nor podman")
        .satisfies(
            e -> assertThat(((CommandException) e).advice().orElseThrow()).contains("--to-tar"));
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    ImageTarget target = new ImageTarget.Tar(folder.resolve("image.tar"), "No Name");

    assertThatThrownBy(() -> images().platform(List.of(target)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("'No Name' is no image name");
  }

  private Images images() {
    return new Images(folder, JDK, CACHE, Optional.empty(), List.of(), "/nowhere", message -> {});
  }

  private BuiltImage toTar(String name, Images images) {
    return images.platform(List.of(tar(name))).getFirst();
  }

  private ImageTarget tar(String name) {
    return new ImageTarget.Tar(folder.resolve(name), "fanfare:test");
  }

  private void jar(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }
}
