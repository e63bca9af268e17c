package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.function.Fn;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ManagementTest {
  @TempDir static Path folder;
  static TestGateway platform;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    platform.close();
  }

  /** What is deployed here. */
  public static class Greetings {
    /** An argument. */
    public record Person(String name, int age) {}

    /** Greets. */
    @Fn(timeout = "5s", concurrency = 3)
    public String greet(Person person) {
      return "hello " + person.name();
    }
  }

  @Test
  void deploysAJarOnce() throws Exception {
    byte[] jar = jar("one");

    HttpResponse<String> first = deploy(jar);
    HttpResponse<String> second = deploy(jar);

    assertThat(first.statusCode()).isEqualTo(201);
    JsonNode deployed = TestGateway.json(first);
    assertThat(deployed.get("created").asBoolean()).isTrue();
    assertThat(deployed.get("functions").get(0).get("name").asText()).isEqualTo("greet");
    assertThat(deployed.get("functions").get(0).get("url").asText()).isEqualTo("/function/greet");
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(TestGateway.json(second).get("revision")).isEqualTo(deployed.get("revision"));
    assertThat(TestGateway.json(second).get("created").asBoolean()).isFalse();
  }

  @Test
  void handsARevisionsFilesToWhoMayDeploy() throws Exception {
    byte[] jar = jar("handed");
    JsonNode deployed = TestGateway.json(deploy(jar));
    String revision = deployed.get("revision").asText();

    HttpResponse<String> manifest = platform.get("/v1/revisions/greet:live/manifest");
    assertThat(Sha256.of(manifest.body().getBytes(StandardCharsets.UTF_8)).hex())
        .as("the manifest's hash is the revision")
        .isEqualTo(revision);
    String artifact = TestGateway.json(manifest).get("artifact").asText();
    assertThat(artifact).isEqualTo(Sha256.of(jar).hex());
    HttpResponse<byte[]> fetched =
        HttpClient.newHttpClient()
            .send(
                platform.to("/v1/revisions/greet@" + revision + "/artifact").build(),
                BodyHandlers.ofByteArray());
    assertThat(fetched.body()).isEqualTo(jar);

    assertThat(platform.get("/v1/revisions/nobody/manifest").statusCode()).isEqualTo(404);
    String invoker = platform.key(TenantId.DEFAULT, Scope.INVOKER);
    var refused =
        HttpRequest.newBuilder(platform.uri("/v1/revisions/greet/artifact"))
            .header("Authorization", "Bearer " + invoker);
    assertThat(platform.send(refused).statusCode()).isEqualTo(403);
  }

  @Test
  void describesWhatIsDeployed() throws Exception {
    String revision = TestGateway.json(deploy(jar("described"))).get("revision").asText();

    JsonNode listed = TestGateway.json(platform.get("/v1/functions")).get("functions").get(0);
    assertThat(listed.get("name").asText()).isEqualTo("greet");
    assertThat(listed.get("timeout").asDouble()).isEqualTo(5.0);
    assertThat(listed.get("concurrency").asInt()).isEqualTo(3);
    assertThat(listed.get("aliases").get("live").asText()).isEqualTo(revision);
    JsonNode described = TestGateway.json(platform.get("/v1/functions/greet"));
    assertThat(described.get("revisions").get(0).get("id").asText()).isEqualTo(revision);
    assertThat(described.get("revisions").get(0).get("aliases").get(0).asText()).isEqualTo("live");
    assertThat(described.get("inputSchema").toString()).contains("age");
    assertThat(described.get("policy").get("isolation").asText()).isEqualTo("process");
    assertThat(described.get("statistics").get("queue").has("p95")).isTrue();
    assertThat(described.get("queued").asLong()).isZero();
    assertThat(described.get("cannotRun").asText()).isNotEmpty();
  }

  @Test
  void movesLiveBackAndForth() throws Exception {
    String first = TestGateway.json(deploy(jar("a"))).get("revision").asText();
    JsonNode redeployed = TestGateway.json(deploy(jar("b")));
    String second = redeployed.get("revision").asText();
    assertThat(redeployed.get("functions").get(0).get("replaced").asText()).isEqualTo(first);

    JsonNode back = TestGateway.json(platform.post("/v1/functions/greet/rollback", ""));
    assertThat(back.get("from").asText()).isEqualTo(second);
    assertThat(back.get("to").asText()).isEqualTo(first);

    HttpResponse<String> canary =
        put("/v1/aliases/greet/canary", "{\"revision\":\"" + second.substring(0, 12) + "\"}");
    assertThat(canary.statusCode()).isEqualTo(200);
    assertThat(TestGateway.json(canary).get("revision").asText()).isEqualTo(second);
    assertThat(platform.get("/v1/aliases?function=greet").body()).contains("canary", "live");
    assertThat(platform.delete("/v1/aliases/greet/canary").statusCode()).isEqualTo(204);
    assertThat(platform.get("/v1/aliases").body()).doesNotContain("canary");
  }

  @Test
  void refusesAliasesThatMakeNoSense() throws Exception {
    deploy(jar("aliased"));

    assertThat(platform.delete("/v1/aliases/greet/live").statusCode()).isEqualTo(409);
    assertThat(platform.delete("/v1/aliases/greet/none").statusCode()).isEqualTo(404);
    assertThat(put("/v1/aliases/none/canary", "{\"revision\":\"aaaaaaaa\"}").statusCode())
        .isEqualTo(404);
    assertThat(put("/v1/aliases/greet/canary", "{\"revision\":\"aaaaaaaa\"}").statusCode())
        .isEqualTo(404);
    assertThat(put("/v1/aliases/greet/canary", "{\"revision\":\"xyz\"}").statusCode())
        .isEqualTo(400);
    assertThat(put("/v1/aliases/greet/canary", "{}").statusCode()).isEqualTo(400);
    assertThat(put("/v1/aliases/greet/canary", "{").statusCode()).isEqualTo(400);
    assertThat(put("/v1/aliases/greet/canary", "[".repeat(5_000)).statusCode()).isEqualTo(400);
    assertThat(platform.get("/v1/aliases?function=none").statusCode()).isEqualTo(404);
  }

  @Test
  void deletesAFunction() throws Exception {
    deploy(jar("deleted"));

    assertThat(platform.delete("/v1/functions/greet").statusCode()).isEqualTo(204);
    assertThat(platform.get("/v1/functions/greet").statusCode()).isEqualTo(404);
    assertThat(platform.post("/function/greet", "").statusCode()).isEqualTo(404);
    HttpResponse<String> again = platform.delete("/v1/functions/greet");
    assertThat(again.statusCode()).isEqualTo(404);
    assertThat(TestGateway.json(again).get("code").asText()).isEqualTo("no-such-function");
    assertThat(platform.post("/v1/functions/greet/rollback", "").statusCode()).isEqualTo(404);
  }

  @Test
  void namesWhatIsWrongWithAJar() throws Exception {
    for (byte[] bytes :
        List.of(
            new byte[0],
            "no jar".getBytes(java.nio.charset.StandardCharsets.UTF_8),
            Arrays.copyOf(jar("cut"), 200))) {
      HttpResponse<String> answer = deploy(bytes);

      assertThat(answer.statusCode()).isEqualTo(400);
      JsonNode problem = TestGateway.json(answer);
      assertThat(problem.get("code").asText()).isEqualTo("undeployable");
      assertThat(problem.get("problems").get(0).get("message").asText()).isNotEmpty();
    }
  }

  @Test
  void takesJarsOnly() throws Exception {
    assertThat(
            platform.post("/v1/functions", "{}", "Content-Type", "application/json").statusCode())
        .isEqualTo(415);
    assertThat(platform.post("/v1/functions", "{}", "Content-Encoding", "gzip").statusCode())
        .isEqualTo(415);
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(
          "POST /v1/functions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
              + platform.admin
              + "\r\n\r\n");
      assertThat(raw.readHead()).startsWith("HTTP/1.1 411 ");
    }
  }

  @Test
  void listsWorkers() throws Exception {
    ScriptedWorker worker = platform.worker("lister", TestGateway::echo);
    try {
      await()
          .untilAsserted(
              () -> {
                JsonNode listed =
                    TestGateway.json(platform.get("/v1/workers")).get("workers").get(0);
                assertThat(listed.get("id").asText()).isEqualTo("lister");
                assertThat(listed.get("labels").get("os").asText()).isEqualTo("linux");
                assertThat(listed.get("free").asInt()).isEqualTo(64);
                assertThat(listed.get("isolation").get(0).asText()).isEqualTo("process");
              });
    } finally {
      worker.cut();
    }
  }

  @Test
  void issuesJoinTokens() throws Exception {
    HttpResponse<String> answer = platform.post("/v1/workers/join-tokens", "{\"ttl\":\"10m\"}");

    assertThat(answer.statusCode()).isEqualTo(201);
    String token = TestGateway.json(answer).get("token").asText();
    assertThat(platform.node.keys().authenticate(token)).map(Principal::scope).contains(Scope.JOIN);
    assertThat(TestGateway.json(answer).get("expiresAt").asText()).isNotEmpty();
    for (String bad :
        List.of(
            "{\"ttl\":\"0s\"}", "{\"ttl\":\"99d\"}", "{\"ttl\":\"x\"}", "{\"ttl\":-1}", "[]x")) {
      assertThat(platform.post("/v1/workers/join-tokens", bad).statusCode()).as(bad).isEqualTo(400);
    }
    assertThat(
            platform
                .post("/v1/workers/join-tokens", "{}", "Content-Type", "text/plain")
                .statusCode())
        .isEqualTo(415);
  }

  @Test
  void tellsThatItIsAliveAndReady() throws Exception {
    assertThat(platform.get("/healthz").statusCode()).isEqualTo(200);
    HttpResponse<String> ready = platform.get("/readyz");
    assertThat(ready.statusCode()).isEqualTo(200);
    List<String> checks = new ArrayList<>();
    TestGateway.json(ready).get("checks").forEach(check -> checks.add(check.get("name").asText()));
    assertThat(checks).containsExactly("shards", "ledger", "recovery");
  }

  @Test
  void showsAPageThatRunsNothingForeign() throws Exception {
    for (String path : List.of("/", "/dashboard.js", "/dashboard.css")) {
      HttpResponse<String> page = platform.get(path);
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
          .contains("default-src 'none'", "script-src 'self'")
          .doesNotContain("unsafe");
      assertThat(page.body()).doesNotContain("innerHTML", "http://", "https://");
    }
  }

  private static HttpResponse<String> deploy(byte[] jar) throws Exception {
    return platform.send(
        platform
            .to("/v1/functions")
            .header("Content-Type", "application/java-archive")
            .POST(BodyPublishers.ofByteArray(jar)));
  }

  private static HttpResponse<String> put(String path, String body) throws Exception {
    return platform.send(platform.to(path).PUT(BodyPublishers.ofString(body)));
  }

  /** The greetings with a file that makes the jar another one. */
  private static byte[] jar(String marker) throws Exception {
    var bytes = new ByteArrayOutputStream();
    try (var jar = new JarOutputStream(bytes)) {
      for (Class<?> type : List.of(Greetings.class, Greetings.Person.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(name));
        try (InputStream in = type.getClassLoader().getResourceAsStream(name)) {
          in.transferTo(jar);
        }
      }
      jar.putNextEntry(new ZipEntry("marker-" + marker));
    }
    return bytes.toByteArray();
  }
}
