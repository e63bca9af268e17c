package dev.fanfare.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Images go to a registry, and are built on one from there: Debian's {@code docker-registry}. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RegistryTest {
  private static final Path CACHE = Path.of("target/cache/fanfare").toAbsolutePath();
  private static final Path JDK = Path.of(System.getProperty("java.home"));
  private static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
  private static final Pattern LISTENS = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");

  @TempDir Path folder;

  private Process registry;
  private String address;

  @BeforeEach
  void startRegistry() throws IOException {
    assumeThat(PROGRAM).as("docker-registry").isExecutable();
    assumeThat(JDK.resolve("bin/jlink")).as("a JDK with jlink").isExecutable();
    for (String jar : List.of("lib/ours.jar", "runtime-lib/ours.jar", "examples/ours.jar")) {
      Files.createDirectories(folder.resolve(jar).getParent());
      Files.writeString(folder.resolve(jar), jar);
    }
    Path settings = folder.resolve("registry.yml");
    Files.writeString(
        settings,
        """
        version: 0.1
        log: { level: info }
        storage: { filesystem: { rootdirectory: %s } }
        http: { addr: "127.0.0.1:0" }
        """
            .formatted(folder.resolve("registry")));
    registry =
        new ProcessBuilder(PROGRAM.toString(), "serve", settings.toString())
            .redirectErrorStream(true)
            .start();
    address = addressOf(registry);
  }

  @AfterEach
  void stopRegistry() {
    if (registry != null) {
      registry.destroyForcibly().onExit().join();
    }
  }

  @Test
  void whatIsPushedIsThereAndOtherImagesAreBuiltOnIt() throws Exception {
    String name = address + "/fanfare:1";

    BuiltImage pushed =
        images(Optional.empty()).platform(List.of(new ImageTarget.Registry(name))).getFirst();

    assertThat(digestInRegistry("fanfare", "1")).isEqualTo(pushed.digest());

    Path code = Files.writeString(folder.resolve("artifact"), "code");
    Path tar = folder.resolve("image.tar");
    images(Optional.of(name))
        .revision(
            List.of(new ImageTarget.Tar(tar, "function:1")),
            new RevisionId(Sha256.of(new byte[0])),
            code,
            code);
    assertThat(ImageTar.read(tar).files())
        .as("what the base has, and what is put on it")
        .contains("opt/fanfare/lib/ours.jar", "opt/function/artifact");
  }

  private Images images(Optional<String> base) {
    return new Images(folder, JDK, CACHE, base, List.of(), "/nowhere", message -> {});
  }

  private String digestInRegistry(String name, String tag) throws Exception {
    URI manifest = URI.create("http://" + address + "/v2/" + name + "/manifests/" + tag);
    var request =
        HttpRequest.newBuilder(manifest)
            .header("Accept", "application/vnd.docker.distribution.manifest.v2+json")
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      var answer = http.send(request, BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      return answer.headers().firstValue("Docker-Content-Digest").orElseThrow();
    }
  }

  /** It takes any free port and says which; what it says later is read, too, and let go. */
  private static String addressOf(Process process) throws IOException {
    BufferedReader lines = process.inputReader();
    var said = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher matcher = LISTENS.matcher(line);
      if (matcher.find()) {
        Thread.ofVirtual().start(() -> lines.lines().forEach(later -> {}));
        return matcher.group(1);
      }
      said.append(line).append('\n');
    }
    throw new AssertionError("the registry ended and said:\n" + said);
  }
}
