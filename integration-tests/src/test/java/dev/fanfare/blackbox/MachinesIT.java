package dev.fanfare.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.client.Fanfare;
import dev.fanfare.sync.SyncOptions;
import dev.fanfare.sync.SyncReport;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What two workers are sent, and what they are declared to have. */
@Timeout(180)
class MachinesIT {
  @TempDir static Path home;
  private static Platform platform;
  private static LaunchedProcess other;
  private static Path here;
  private static Path local;
  private static Path far;

  @BeforeAll
  static void start() throws IOException {
    here = Files.createDirectory(home.resolve("here"));
    local = Files.createDirectory(home.resolve("local-root"));
    far = Files.createDirectory(home.resolve("far-root"));
    platform =
        Platform.up(
            home,
            "--allow-sync",
            local.toString(),
            "--state",
            declare("local", ">=1", "1.2.3").toString());
    other =
        Workers.start(
            platform,
            Workers.joinToken(platform),
            "far",
            "--label",
            "zone=b",
            "--allow-sync",
            far.toString(),
            "--state",
            declare("far", ">=1", "1.3.0").toString());
    Workers.awaitConnected(platform, "far");
  }

  @AfterAll
  static void stop() {
    if (other != null) {
      other.close();
    }
    if (platform != null) {
      platform.close();
    }
  }

  @Test
  void aFolderGoesToAllWorkersAndTheSecondTimeNothingIsSent() throws IOException {
    Path folder = Files.createDirectory(here.resolve("models"));
    byte[] bytes = new byte[3_000_000];
    new Random(4).nextBytes(bytes);
    Files.write(folder.resolve("weights"), bytes);
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/text"), "hello");

    var ran = platform.cli().run("sync", folder.toString(), "--all", "m", "-o", "json");

    assertThat(ran.exit()).as(ran.err()).isZero();
    assertThat(Platform.json(ran.out()).findValuesAsText("worker"))
        .containsExactlyInAnyOrder("local", "far");
    for (Path root : List.of(local, far)) {
      assertThat(root.resolve("m/weights")).hasBinaryContent(bytes);
      assertThat(root.resolve("m/a/b/text")).hasContent("hello");
    }

    Files.delete(folder.resolve("a/b/text"));
    var again =
        platform
            .cli()
            .run("sync", folder.toString(), "--label", "zone=b:m", "--delete", "-o", "ndjson");
    assertThat(again.exit()).as(again.err()).isZero();
    var report = Platform.json(again.out());
    assertThat(report.path("sent").asInt()).isZero();
    assertThat(report.path("deleted").asInt()).isEqualTo(1);
    assertThat(far.resolve("m/a/b")).isEmptyDirectory();
    assertThat(local.resolve("m/a/b/text")).exists();
  }

  @Test
  void aProgramIsToldOfEachWorker() throws IOException {
    Path folder = Files.createDirectory(here.resolve("site"));
    Files.writeString(folder.resolve("index.html"), "<p>");
    Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc"));

    try (Fanfare fanfare = Fanfare.connect(platform.url(), platform.key())) {
      List<SyncReport> reports =
          fanfare.sync(folder, SyncOptions.NONE, "local:www", "far:../escape", "mars:www");

      assertThat(reports.get(0).sent()).isEqualTo(1);
      assertThat(reports.get(0).failures()).singleElement().asString().contains("out", "/etc");
      assertThat(reports.get(1).broken()).contains("..");
      assertThat(reports.get(2).broken()).contains("mars");
    }
    assertThat(local.resolve("www/index.html")).hasContent("<p>");
    assertThat(home.resolve("escape")).doesNotExist();
  }

  @Test
  void itTakesAKeyThatMay() throws IOException {
    try (Fanfare guest = Fanfare.connect(platform.url(), Workers.joinToken(platform))) {
      SyncReport report = guest.sync(here, SyncOptions.NONE, "local:x").getFirst();

      assertThat(report.broken()).contains("exec");
    }
    assertThat(local.resolve("x")).doesNotExist();
  }

  @Test
  void whatCannotBeDoneIsToldInWords() {
    var nowhere = platform.cli().run("sync", here.toString(), "--on", "mars:x");
    assertThat(nowhere.exit()).isEqualTo(3);
    assertThat(nowhere.err()).contains("there is no worker mars");
    var nothing = platform.cli().run("sync", here.resolve("missing").toString(), "--all", "x");
    assertThat(nothing.exit()).isEqualTo(2);
    assertThat(nothing.err()).contains("there is no folder");
    var outside = platform.cli().run("sync", here.toString(), "--on", "local:/etc");
    assertThat(outside.exit()).isEqualTo(3);
    assertThat(outside.err()).contains("outside of " + local);
  }

  @Test
  void workGoesWhereItsStateIs() throws IOException {
    deployExamples();
    String before = state("far");
    assertThat(state("local")).isNotEqualTo(before);
    var diff = platform.cli().run("state", "diff", "local", "far");
    assertThat(diff.exit()).isEqualTo(1);
    assertThat(diff.out()).contains("tool mine", "1.2.3", "1.3.0");

    var ran = platform.send(pinned("/function/hello", before, "wait"));
    assertThat(ran.statusCode()).as(ran.body()).isEqualTo(200);
    assertThat(ran.headers().firstValue("X-Worker")).contains("far");
    assertThat(ran.headers().firstValue("X-State")).contains(before);

    declare("far", ">=1", "1.4.0");
    var checked = platform.cli().run("state", "check", "far");
    assertThat(checked.exit()).as(checked.err()).isZero();
    assertThat(state("far")).isNotEqualTo(before);

    var refused = platform.send(pinned("/function/hello", before, "refuse"));
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(Platform.json(refused).path("code").asText()).isEqualTo("state-mismatch");
    assertThat(Platform.json(refused).path("detail").asText())
        .contains("worker far: tool mine 1.4.0, pinned 1.3.0")
        .contains("worker local: tool mine 1.2.3, pinned 1.3.0");

    var waiting = platform.send(pinned("/async-function/hello", before, "wait"));
    String id = Platform.json(waiting).path("id").asText();
    assertThat(Platform.json(platform.get("/invocations/" + id)).path("why").asText())
        .contains("state=" + before);
    declare("far", ">=1", "1.3.0");
    assertThat(platform.cli().run("state", "check", "far").exit()).isZero();
    var result = platform.get("/invocations/" + id + "/result?wait=30s");
    assertThat(result.statusCode()).isEqualTo(200);
    assertThat(result.headers().firstValue("X-Worker")).contains("far");
  }

  @Test
  void aWorkerThatIsNotAsDeclaredTakesNoPinnedWorkAndSaysWhy() throws IOException {
    deployExamples();
    String before = state("local");
    declare("local", ">=2", "1.2.3");
    try {
      var checked = platform.cli().run("state", "check", "local");
      assertThat(checked.exit()).as(checked.err()).isEqualTo(1);
      assertThat(checked.out()).contains("tool mine 1.2.3, wanted >=2");
      var shown = platform.cli().run("state", "show", "-o", "json").out();
      assertThat(shown).contains("tool mine 1.2.3, wanted >=2").contains(before);
      var refused = platform.send(pinned("/function/hello", before, "refuse"));
      assertThat(refused.body()).contains("worker local: takes no pinned work");
    } finally {
      declare("local", ">=1", "1.2.3");
      platform.cli().run("state", "check", "local");
    }
    assertThat(state("local")).isEqualTo(before);
  }

  private static synchronized void deployExamples() {
    platform.deploy(Platform.examplesJar());
  }

  private static HttpRequest pinned(String path, String state, String otherwise) {
    return platform
        .request(path)
        .header("X-State", state)
        .header("X-State-Else", otherwise)
        .POST(HttpRequest.BodyPublishers.ofString("\"Ada\""))
        .build();
  }

  private static String state(String worker) {
    return Platform.json(platform.cli().run("state", "show", worker, "-o", "json").out())
        .path("state")
        .asText();
  }

  private static Path declare(String worker, String wanted, String found) throws IOException {
    return Files.writeString(
        home.resolve(worker + "-state.json"),
        """
        {"tools": {"mine": {"version": "%s", "command": ["echo", "mine %s"]}}}
        """
            .formatted(wanted, found));
  }
}
