package dev.fanfare.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.client.Fanfare;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code fanfare up} in a folder of its own, as a user starts it. */
record RunningPlatform(Path home, StartedProcess process, URI url, String key, HttpClient http)
    implements AutoCloseable {

  static RunningPlatform up(String... more) throws IOException {
    return again(Files.createTempDirectory("fanfare-benchmark"), more);
  }

  /** The platform that ran in this folder before, with all that was deployed to it. */
  static RunningPlatform again(Path home, String... more) throws IOException {
    var command = new ArrayList<String>();
    command.add(StartedProcess.checkout().resolve("fanfare").toString());
    command.addAll(List.of("up", "--port", "0", "--data", home.resolve("data").toString()));
    command.addAll(List.of(more));
    var environment =
        Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", home.resolve("config").toString());
    StartedProcess process =
        StartedProcess.start(command, environment, "ready.*(http://127\\.0\\.0\\.1:\\d+)");
    JsonNode contexts =
        new ObjectMapper().readTree(home.resolve("config/fanfare/contexts.json").toFile());
    String key = contexts.at("/contexts/" + contexts.get("current").asText() + "/key").asText();
    return new RunningPlatform(
        home, process, URI.create(process.ready().group(1)), key, HttpClient.newHttpClient());
  }

  void deploy(Path jar) throws IOException, InterruptedException {
    var request =
        request("/v1/functions")
            .header("Content-Type", "application/java-archive")
            .POST(BodyPublishers.ofFile(jar))
            .build();
    expect(http.send(request, BodyHandlers.ofString()));
  }

  HttpResponse<String> call(String function, String json) throws IOException, InterruptedException {
    var request =
        request("/function/" + function)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json))
            .build();
    return expect(http.send(request, BodyHandlers.ofString()));
  }

  String get(String path) throws IOException, InterruptedException {
    return expect(http.send(request(path).GET().build(), BodyHandlers.ofString())).body();
  }

  /** A client of it, as a user's program has. */
  Fanfare client() {
    return Fanfare.connect(url, key);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(url.resolve(path)).header("Authorization", "Bearer " + key);
  }

  private static HttpResponse<String> expect(HttpResponse<String> response) {
    if (response.statusCode() >= 300) {
      throw new IllegalStateException(response.statusCode() + ": " + response.body());
    }
    return response;
  }

  @Override
  public void close() {
    http.close();
    process.close();
  }
}
