package dev.fanfare.blackbox;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Workers in processes of their own that join a platform over the network. */
final class Workers {
  private Workers() {}

  static String joinToken(Platform platform) {
    var request =
        platform
            .request("/v1/workers/join-tokens")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"ttl\":\"1h\"}"))
            .build();
    return Platform.json(platform.send(request)).get("token").asText();
  }

  static LaunchedProcess start(Platform platform, String token, String name, String... more) {
    var arguments = new java.util.ArrayList<String>();
    java.util.Collections.addAll(
        arguments,
        "worker",
        "--gateway",
        platform.url().toString(),
        "--token",
        token,
        "--name",
        name,
        "--data",
        platform.cli().home().resolve("worker-" + name).toString());
    java.util.Collections.addAll(arguments, more);
    return platform.cli().start(arguments.toArray(String[]::new));
  }

  static int count(Platform platform) {
    return Platform.json(platform.get("/v1/workers")).get("workers").size();
  }

  static void awaitConnected(Platform platform, String name) {
    Awaitility.await("worker " + name)
        .atMost(Duration.ofSeconds(90))
        .until(() -> platform.get("/v1/workers").body(), body -> body.contains('"' + name + '"'));
  }

  static void awaitCount(Platform platform, int count) {
    Awaitility.await(count + " workers")
        .atMost(Duration.ofSeconds(90))
        .until(() -> count(platform), seen -> seen == count);
  }
}
