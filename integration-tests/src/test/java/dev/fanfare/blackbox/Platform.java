package dev.fanfare.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A platform started with {@code ./fanfare up} in a folder of the test's own, and the ways to talk
 * to it.
 */
final class Platform implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();

  private final Launcher launcher;
  private final LaunchedProcess process;
  private final URI url;
  private final String key;
  private final HttpClient http = HttpClient.newHttpClient();

  private Platform(Launcher launcher, LaunchedProcess process, URI url, String key) {
    this.launcher = launcher;
    this.process = process;
    this.url = url;
    this.key = key;
  }

  /** Starts {@code fanfare up --port 0} with more arguments and waits for its ready line. */
  static Platform up(Path home, String... more) {
    return start(home, 0, "", more);
  }

  /** The same at a port where one was before. */
  static Platform upAt(int port, Path home) {
    return start(home, port, "");
  }

  /** The same, in a JVM with these options. */
  static Platform upWithJavaOptions(Path home, String options, String... more) {
    return start(home, 0, options, more);
  }

  private static Platform start(Path home, int port, String options, String... more) {
    var launcher = new Launcher(home);
    var arguments = new ArrayList<>(List.of("up", "--port", Integer.toString(port)));
    if (!List.of(more).contains("--data")) {
      arguments.addAll(List.of("--data", home.resolve("platform").toString()));
    }
    arguments.addAll(List.of(more));
    LaunchedProcess process =
        launcher.startWithJavaOptions(options, arguments.toArray(String[]::new));
    return ready(launcher, process);
  }

  /** What a process that was started here serves, once it is ready. */
  static Platform ready(Launcher launcher, LaunchedProcess process) {
    try {
      var ready = process.awaitLine("ready.*(http://[\\d.]+:\\d+)", Duration.ofMinutes(2));
      URI url = URI.create(ready.group(1));
      return new Platform(launcher, process, url, keyOf(launcher.home()));
    } catch (RuntimeException | Error e) {
      process.close();
      throw e;
    }
  }

  /** The admin key that {@code up} saved for the CLI. */
  private static String keyOf(Path home) {
    try {
      JsonNode contexts = JSON.readTree(home.resolve("config/fanfare/contexts.json").toFile());
      return contexts.at("/contexts/" + contexts.get("current").asText() + "/key").asText();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI url() {
    return url;
  }

  String key() {
    return key;
  }

  Launcher cli() {
    return launcher;
  }

  LaunchedProcess process() {
    return process;
  }

  /** Deploys a jar over the CLI and insists that it worked. */
  Launcher.Finished deploy(Path jar) {
    var deployed = launcher.run("deploy", jar.toString());
    if (deployed.exit() != 0) {
      throw new AssertionError("deploy ended with " + deployed.exit() + ":\n" + deployed.err());
    }
    return deployed;
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path))
        .header("Authorization", "Bearer " + key)
        .timeout(Duration.ofMinutes(2));
  }

  HttpResponse<String> get(String path) {
    return send(request(path).GET().build());
  }

  HttpResponse<String> call(String function, String json) {
    return send(post("/function/" + function, json));
  }

  CompletableFuture<HttpResponse<String>> callAsync(String function, String json) {
    return http.sendAsync(post("/function/" + function, json), BodyHandlers.ofString());
  }

  /** Submits asynchronously; the answer's body as JSON. */
  CompletableFuture<HttpResponse<String>> submit(String function, String json) {
    return http.sendAsync(post("/async-function/" + function, json), BodyHandlers.ofString());
  }

  HttpResponse<String> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  static JsonNode json(HttpResponse<String> response) {
    return json(response.body());
  }

  static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError("not JSON: " + text, e);
    }
  }

  private HttpRequest post(String path, String json) {
    return request(path)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json))
        .build();
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }

  /** The examples, as packaged by this build. */
  static Path examplesJar() {
    try (var files = Files.list(Launcher.root().resolve("examples/target"))) {
      return files
          .filter(file -> file.getFileName().toString().matches("examples-[^-]+(-SNAPSHOT)?\\.jar"))
          .findFirst()
          .orElseThrow(() -> new AssertionError("examples are not packaged"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
