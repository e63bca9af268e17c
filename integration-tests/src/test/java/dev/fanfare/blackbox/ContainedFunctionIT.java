package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.protocol.Sha256;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions that demand a container, on a worker that found the machine's engine by itself. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ContainedFunctionIT {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /** The usual heap, a quarter more, and 256 MiB. */
  private static final long MEMORY = (256L << 20) * 5 / 4 + (256L << 20);

  @TempDir static Path home;

  private static Platform platform;
  private static Path worker;

  @BeforeAll
  static void start() throws IOException {
    assumeThat(EndedProgram.run(Map.of(), List.of("docker", "version")).exit())
        .as("an engine that answers `docker version`")
        .isZero();
    platform = Platform.up(home, "--slots", "1");
    worker = home.resolve("platform").resolve("worker").toRealPath();
    platform.deploy(TestJar.of(home, "Contained", CONTAINED));
  }

  @AfterAll
  static void nothingIsLeft() {
    if (platform != null) {
      platform.close();
      await()
          .atMost(LONGEST)
          .untilAsserted(
              () -> {
                assertThat(containers()).isEmpty();
                assertThat(images()).isEmpty();
              });
    }
  }

  @Test
  void aFunctionSeesNothingButWhatItWasGiven() {
    HttpResponse<String> first = platform.call("look", "");
    assertThat(first.statusCode()).as(first.body()).isEqualTo(200);
    JsonNode seen = Platform.json(first);

    assertThat(seen.get("networks").toString()).as("no network").isEqualTo("[\"lo\"]");
    assertThat(seen.get("written").asText()).as("a root to be read").contains("Read-only");
    assertThat(seen.get("temporary").asText()).isEqualTo("yes");
    assertThat(seen.get("memory").asLong()).isEqualTo(MEMORY);
    assertThat(seen.get("processes").asLong()).isEqualTo(512);
    assertThat(seen.get("processors").asInt())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(seen.get("user").asLong()).as("not root").isPositive();
    assertThat(seen.get("capabilities").asText()).matches("0+");
    assertThat(seen.get("noNewPrivileges").asText()).isEqualTo("1");

    List<String> warm = containers();
    assertThat(warm).hasSize(1);
    assertThat(images()).as("of the revision's own").hasSize(1);
    assertThat(platform.call("look", "").statusCode()).isEqualTo(200);
    assertThat(containers()).as("the warm one").isEqualTo(warm);
  }

  @Test
  void onesTimeThatIsUpEndsItsContainer() {
    assertThat(platform.call("stuck", "").statusCode()).isEqualTo(504);

    String large = "x".repeat(200_000);
    assertThat(platform.call("twice", '"' + large + '"').body())
        .as("a payload and a result that go by file")
        .isEqualTo(large + large);
    await().atMost(LONGEST).until(() -> containers().size() <= 1);
  }

  @Test
  void theImageOfADeployedRevisionIsBuiltFromTheCommandLine() throws IOException {
    Path tar = home.resolve("image.tar");

    var built = platform.cli().run("image", "function", "look:live", "--to-tar", tar.toString());

    assertThat(built.exit()).as(built.err()).isZero();
    assertThat(built.out()).contains("look:").contains("sha256:");
    assertThat(Files.size(tar)).isBetween(20_000_000L, 120_000_000L);
    assertThat(platform.cli().run("image", "function", "no-such", "--to-tar", "x").exit())
        .isEqualTo(4);
  }

  private static final String CONTAINED =
      """
      import dev.fanfare.function.Fn;
      import dev.fanfare.function.Isolation;
      import java.io.IOException;
      import java.net.NetworkInterface;
      import java.nio.file.*;
      import java.util.*;

      public class Contained {
        @Fn(isolation = Isolation.CONTAINER)
        public Map<String, Object> look() throws IOException {
          var seen = new TreeMap<String, Object>();
          seen.put("networks", NetworkInterface.networkInterfaces().map(NetworkInterface::getName).toList());
          try {
            Files.createFile(Path.of("/opt/written"));
            seen.put("written", "yes");
          } catch (IOException e) {
            seen.put("written", e.getMessage());
          }
          Files.writeString(Path.of("/tmp/written"), "");
          seen.put("temporary", "yes");
          seen.put("memory", Long.parseLong(first("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")));
          seen.put("processes", Long.parseLong(first("/sys/fs/cgroup/pids.max", "/sys/fs/cgroup/pids/pids.max")));
          seen.put("processors", Runtime.getRuntime().availableProcessors());
          seen.put("user", Long.parseLong(status("Uid")));
          seen.put("capabilities", status("CapEff"));
          seen.put("noNewPrivileges", status("NoNewPrivs"));
          return seen;
        }

        @Fn(isolation = Isolation.CONTAINER, timeout = "2s", retries = 0)
        public void stuck() {
          while (true) Thread.onSpinWait();
        }

        @Fn(isolation = Isolation.CONTAINER)
        public String twice(String text) {
          return text + text;
        }

        private static String first(String... files) throws IOException {
          for (String file : files) {
            if (Files.exists(Path.of(file))) return Files.readString(Path.of(file)).strip();
          }
          throw new NoSuchFileException(String.join(" ", files));
        }

        private static String status(String name) throws IOException {
          return Files.readAllLines(Path.of("/proc/self/status")).stream()
              .filter(line -> line.startsWith(name + ":"))
              .map(line -> line.split("\\\\s+")[1])
              .findFirst()
              .orElseThrow();
        }
      }
      """;

  private static List<String> containers() {
    return docker("ps", "-aq", "--filter", "label=dev.fanfare.worker=" + worker);
  }

  /** Of this platform's worker. */
  private static List<String> images() {
    String folder = Sha256.of(worker.toString().getBytes(StandardCharsets.UTF_8)).brief();
    return docker("images", "-q", "--filter", "reference=fanfare-function-" + folder);
  }

  private static List<String> docker(String... arguments) {
    var command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments));
    var ended = EndedProgram.run(Map.of(), command);
    assertThat(ended.exit()).as(ended.err()).isZero();
    return ended.out().lines().toList();
  }
}
