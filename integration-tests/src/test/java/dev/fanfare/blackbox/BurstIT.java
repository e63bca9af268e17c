package dev.fanfare.blackbox;

import static java.util.concurrent.TimeUnit.SECONDS;
import static java.util.stream.IntStream.range;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.Burst;
import dev.fanfare.client.BurstOptions;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FanfareException;
import dev.fanfare.shipping.Shared;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bursts on a platform with a real worker: from a program, from a terminal, from a source file. */
@Timeout(180)
class BurstIT {
  @TempDir static Path home;
  private static Platform platform;
  private static Fanfare fanfare;

  @BeforeAll
  static void start() {
    platform = Platform.up(home);
    platform.deploy(Platform.examplesJar());
    fanfare = Fanfare.connect(platform.url(), platform.key());
  }

  @AfterAll
  static void stop() {
    fanfare.close();
    platform.close();
  }

  @Test
  void aLambdaRunsForAHundredThousandItemsWithoutADeploy() {
    int offset = 3;
    try (Burst<Integer> burst = fanfare.map(range(0, 100_000), n -> n + offset)) {
      long sum = 0;
      int count = 0;
      for (int value : burst) {
        sum += value;
        count++;
      }

      assertThat(count).isEqualTo(100_000);
      assertThat(sum).isEqualTo(100_000L * 99_999 / 2 + 300_000L);
    }
  }

  @Test
  void aLambdaThatKillsItsRuntimeFailsOneItem() {
    try (Burst<Integer> burst =
        fanfare.map(
            range(0, 20),
            n -> {
              if (n == 7) {
                Runtime.getRuntime().halt(1);
              }
              return n;
            })) {
      List<Ended<Integer>> all = burst.all(java.time.Duration.ofMinutes(2));

      assertThat(all).hasSize(20);
      assertThat(all.stream().filter(Ended.Failed.class::isInstance).map(Ended::index))
          .containsExactly(7L);
    }
  }

  @Test
  void callsOfAnotherFunctionAreLeasedAtOnceDuringABurst() throws Exception {
    int calls = 31;
    double[] queued = new double[calls];
    platform.call("echo", "\"warm\"");
    List<Integer> items = range(0, 1_000_000).boxed().toList();
    try (Burst<Integer> burst = fanfare.function("echo-json", Integer.class).map(items)) {
      Thread reader = Thread.ofVirtual().start(() -> readUntilCancelled(burst));
      await().atMost(60, SECONDS).until(() -> burst.progress().succeeded() > 10_000);

      for (int i = 0; i < calls; i++) {
        var answer = platform.call("echo", "\"hello\"");
        queued[i] =
            Double.parseDouble(answer.headers().firstValue("X-Queue-Seconds").orElseThrow());
      }

      assertThat(burst.progress().ended()).isFalse();
      burst.cancel();
      reader.join();
    }
    Arrays.sort(queued);
    assertThat(queued[calls / 2]).isLessThan(0.03);
  }

  private static void readUntilCancelled(Burst<Integer> burst) {
    try (var results = burst.asCompleted()) {
      results.forEach(ended -> {});
    } catch (FanfareException e) {
      // it was cancelled once enough was seen
    }
  }

  @Test
  void mapPrintsALineForEachItemAndAPicture() throws Exception {
    Path picture = home.resolve("timeline.svg");

    var mapped =
        platform
            .cli()
            .run("map", "echo-json", "--items", "1..2000", "--ordered", "--timeline", picture + "");

    assertThat(mapped.exit()).as(mapped.err()).isZero();
    List<String> lines = mapped.out().lines().toList();
    assertThat(lines).hasSize(2_000);
    JsonNode last = Platform.json(lines.get(1_999));
    assertThat(last.get("index").intValue()).isEqualTo(1_999);
    assertThat(last.get("result").intValue()).isEqualTo(2_000);
    assertThat(mapped.err()).contains("2,000 of 2,000 items succeeded").contains("items/s");
    assertThat(Files.readString(picture)).contains("<svg").contains("2,000 items");
  }

  @Test
  void mapTakesLinesFromStandardInputAndFailsForABadOne() {
    var mapped =
        platform.cli().runWithInput("1\n{bad\n\"three\"\n", "map", "echo-json", "--items", "-");

    assertThat(mapped.exit()).isEqualTo(1);
    var states = new ArrayList<String>();
    mapped.out().lines().forEach(line -> states.add(Platform.json(line).get("state").asText()));
    assertThat(states).containsExactlyInAnyOrder("SUCCEEDED", "FAILED", "SUCCEEDED");
    assertThat(mapped.out()).contains("line 2 is not JSON");
    assertThat(mapped.err()).contains("1 failed");
    assertThat(platform.cli().run("map", "no-such", "--items", "1..2").exit()).isEqualTo(4);
    assertThat(platform.cli().run("map", "echo-json", "--items", "no-file").exit()).isEqualTo(2);
  }

  @Test
  void aSourceFileThatIsRunAsItIsShipsItsLambdas() throws Exception {
    Path source = home.resolve("Squares.java");
    Files.writeString(
        source,
"""
        import dev.fanfare.client.Fanfare;
import dev.fanfare.shipping.Shared;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
        import java.util.stream.IntStream;

        class Squares {
          static int square(int n) {
            return n * n;
          }

          public static void main(String[] arguments) {
            try (var fanfare = Fanfare.connect()) {
              System.out.println(
                  fanfare.map(IntStream.range(0, 1_000), n -> square(n)).reduce(0, Integer::sum));
            }
          }
        }
""");
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString())
            .redirectErrorStream(true);
    process.environment().put("FANFARE_URL", platform.url().toString());
    process.environment().put("FANFARE_KEY", platform.key());
    Process running = process.start();

    assertThat(
            new String(
                running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("332833500");
    assertThat(running.waitFor()).isZero();
  }

  /** Nothing names it but a text. */
  static final class Unseen {}

  @Test
  void aClassThatIsMissingOnTheWorkerIsNamedWithWhatToDo() {
    try (Burst<String> burst =
        fanfare.map(
            range(0, 1),
            n -> Class.forName("dev.fanfare.blackbox.BurstIT$Unseen").getSimpleName())) {
      Ended<String> ended = burst.all(java.time.Duration.ofMinutes(1)).getFirst();

      assertThat(ended).isInstanceOf(Ended.Failed.class);
      assertThat(((Ended.Failed<String>) ended).failure())
          .hasMessageContaining(
              "the class dev.fanfare.blackbox.BurstIT$Unseen is missing on the worker")
          .hasMessageContaining("name it in the lambda's code (BurstIT.Unseen.class)");
    }
  }

  @Test
  @Tag("soak")
  void lambdasFromJShellTravelWithTheShellsClassesAndVariables() throws Exception {
    Path script = home.resolve("burst.jsh");
    Files.writeString(
        script,
        """
        import dev.fanfare.client.*;
        import java.util.stream.*;
        record Point(int x, int y) implements java.io.Serializable {}
        int square(int n) { return n * n; }
        int offset = 1000;
        var fanfare = Fanfare.connect();
        int sum = fanfare.map(IntStream.range(0, 100), n -> new Point(square(n), offset)).
            fold(0, (total, point) -> total + point.x() + point.y());
        System.out.println("sum " + sum);
        fanfare.map(IntStream.range(0, 1), n -> fanfare.toString());
        /exit
        """);
    var shell =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jshell").toString(),
                "--class-path",
                existing(System.getProperty("java.class.path")),
                "-s",
                script.toString())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")));
    shell.environment().put("FANFARE_URL", platform.url().toString());
    shell.environment().put("FANFARE_KEY", platform.key());
    Process running = shell.start();

    String said =
        new String(
            running.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(said).contains("sum " + (328_350 + 100 * 1_000));
    assertThat(said).contains("the lambda uses the variable 'fanfare'");
    assertThat(running.waitFor()).isZero();
  }

  /** Tells where it was read back, and how often there. */
  static final class Table implements java.io.Serializable {
    private static final java.util.concurrent.atomic.AtomicInteger READ =
        new java.util.concurrent.atomic.AtomicInteger();

    private final int[] numbers;

    Table(int[] numbers) {
      this.numbers = numbers;
    }

    private void readObject(java.io.ObjectInputStream in)
        throws java.io.IOException, ClassNotFoundException {
      in.defaultReadObject();
      READ.incrementAndGet();
    }

    static int timesRead() {
      return READ.get();
    }
  }

  @Test
  void aLargeSharedValueIsReadOnceInARuntimeAndNotSentAgain() throws Exception {
    int[] numbers = range(0, 3_000_000).toArray();
    Shared<Table> table = fanfare.share(new Table(numbers));

    try (Burst<Integer> burst =
        fanfare.map(
            range(0, 2_000),
            n -> {
              boolean right = table.get().numbers[n * 1_000] == n * 1_000;
              return right ? Table.timesRead() : -1;
            },
            BurstOptions.DEFAULT.withChunk(10))) {
      assertThat(burst.values()).hasSize(2_000).containsOnly(1);
    }
    Shared<Table> again = fanfare.share(new Table(numbers));
    assertThat(again.hash()).isEqualTo(table.hash());
    var key =
        HttpRequest.newBuilder(platform.url().resolve("/v1/blobs/" + table.hash()))
            .header("Authorization", "Bearer " + platform.key());
    assertThat(
            HttpClient.newHttpClient()
                .send(
                    key.method("HEAD", HttpRequest.BodyPublishers.noBody()).build(),
                    HttpResponse.BodyHandlers.discarding())
                .statusCode())
        .isEqualTo(204);
  }

  @Test
  void itemsReferToSharedValuesThatTheirBurstNames() {
    Shared<String> one = fanfare.share("one".repeat(50_000));
    Shared<String> two = fanfare.share("two".repeat(60_000));

    try (Burst<Integer> burst =
        fanfare.map(
            List.of(one, two),
            value -> value.get().length(),
            BurstOptions.DEFAULT.withShared(one, two))) {
      assertThat(burst.values()).containsExactlyInAnyOrder(150_000, 180_000);
    }
    try (Burst<Integer> burst = fanfare.map(List.of(one), value -> value.get().length())) {
      assertThat(burst.all(java.time.Duration.ofMinutes(1)).getFirst())
          .extracting(ended -> ((Ended.Failed<Integer>) ended).failure().getMessage())
          .asString()
          .contains("name it in BurstOptions.withShared");
    }
  }

  /** JShell refuses a class path with places that are not there. */
  private static String existing(String classPath) {
    return Stream.of(classPath.split(java.io.File.pathSeparator, -1))
        .filter(place -> Files.exists(Path.of(place)))
        .collect(java.util.stream.Collectors.joining(java.io.File.pathSeparator));
  }
}
