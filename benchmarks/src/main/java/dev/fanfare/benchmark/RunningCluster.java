package dev.fanfare.benchmark;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.client.Fanfare;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Nodes of one cluster, each with one backup, and workers spread over them, as users start them.
 */
record RunningCluster(List<StartedProcess> processes, URI url, String key)
    implements AutoCloseable {

  static RunningCluster of(int nodes, int workers) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory("fanfare-benchmark");
    var processes = new ArrayList<StartedProcess>();
    int seed = freePort();
    for (int i = 0; i < nodes; i++) {
      processes.add(node(home, i, seed));
    }
    List<String> urls = processes.stream().map(node -> node.ready().group(1)).toList();
    String key = key(home);
    String token = token(URI.create(urls.getFirst()), key);
    for (int i = 0; i < workers; i++) {
      processes.add(worker(home, i, urls.get(i % nodes), token));
    }
    return new RunningCluster(processes, URI.create(urls.getFirst()), key);
  }

  Fanfare client() {
    return Fanfare.connect(url, key);
  }

  private static StartedProcess node(Path home, int number, int seed) throws IOException {
    var arguments = new ArrayList<>(List.of("node", "--port", "0", "--data"));
    arguments.add(home.resolve("node-" + number).toString());
    arguments.add("--member-port");
    if (number == 0) {
      arguments.add(Integer.toString(seed));
    } else {
      String clusterKey = home.resolve("node-0/cluster-key").toString();
      arguments.addAll(
          List.of("0", "--join", "127.0.0.1:" + seed, "--cluster-key-file", clusterKey));
    }
    return start(home, arguments, "ready.*(http://127\\.0\\.0\\.1:\\d+)");
  }

  private static StartedProcess worker(Path home, int number, String gateway, String token)
      throws IOException {
    String name = "worker-" + number;
    List<String> arguments =
        List.of(
            "worker",
            "--gateway",
            gateway,
            "--token",
            token,
            "--name",
            name,
            "--slots",
            "1",
            "--data",
            home.resolve(name).toString());
    return start(home, arguments, "ready");
  }

  private static StartedProcess start(Path home, List<String> arguments, String ready)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(StartedProcess.checkout().resolve("fanfare").toString());
    command.addAll(arguments);
    var environment =
        Map.of("HOME", home.toString(), "XDG_CONFIG_HOME", home.resolve("config").toString());
    return StartedProcess.start(command, environment, ready);
  }

  private static String key(Path home) throws IOException {
    JsonNode contexts =
        new ObjectMapper().readTree(home.resolve("config/fanfare/contexts.json").toFile());
    return contexts.at("/contexts/" + contexts.get("current").asText() + "/key").asText();
  }

  private static String token(URI gateway, String key) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(gateway.resolve("/v1/workers/join-tokens"))
              .header("Authorization", "Bearer " + key)
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString("{\"ttl\":\"1h\"}"))
              .build();
      String answer = http.send(request, BodyHandlers.ofString()).body();
      return new ObjectMapper().readTree(answer).get("token").asText();
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    processes.reversed().forEach(StartedProcess::close);
  }
}
