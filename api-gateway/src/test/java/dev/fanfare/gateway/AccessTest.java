package dev.fanfare.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class AccessTest {
  @TempDir static Path folder;
  static TestGateway platform;
  static ScriptedWorker worker;

  @BeforeAll
  static void start() throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo");
    worker = platform.worker("w1", TestGateway::echo);
  }

  @AfterAll
  static void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  @Test
  void asksForAKey() throws Exception {
    HttpResponse<String> answer =
        platform.send(
            HttpRequest.newBuilder(platform.uri("/function/echo")).POST(BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow()).startsWith("Bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer ff_x_y", "Bearer ", "Basic YTpi", "ff_x_y", "Bearer \u00e9"})
  void refusesAKeyThatIsNone(String header) throws Exception {
    HttpResponse<String> answer =
        platform.send(
            HttpRequest.newBuilder(platform.uri("/v1/functions")).header("Authorization", header));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("WWW-Authenticate").orElseThrow())
        .contains("invalid_token");
  }

  @ParameterizedTest
  @CsvSource({
    "VIEWER,POST,/function/echo,403,invoker",
    "VIEWER,GET,/v1/functions,200,",
    "VIEWER,GET,/metrics,200,",
    "INVOKER,POST,/function/echo,200,",
    "INVOKER,DELETE,/v1/functions/none,403,deployer",
    "DEPLOYER,DELETE,/v1/functions/none,404,",
    "DEPLOYER,POST,/v1/workers/join-tokens,403,operator",
    "OPERATOR,POST,/v1/workers/join-tokens,201,",
    "JOIN,GET,/v1/functions,403,viewer",
    "WORKER,POST,/function/echo,403,invoker",
    "ADMIN,GET,/v1/session,403,join"
  })
  void holdsEveryKeyToItsScope(Scope scope, String method, String path, int status, String needed)
      throws Exception {
    HttpResponse<String> answer =
        platform.send(
            HttpRequest.newBuilder(platform.uri(path))
                .header("Authorization", "Bearer " + platform.key(TenantId.DEFAULT, scope))
                .header("Content-Type", "application/json")
                .method(
                    method,
                    method.equals("POST")
                        ? BodyPublishers.ofString("{}")
                        : BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(status);
    if (needed != null) {
      JsonNode problem = TestGateway.json(answer);
      assertThat(problem.get("code").asText()).isEqualTo("forbidden");
      assertThat(problem.get("scope").asText()).isEqualTo(needed);
      assertThat(problem.get("detail").asText()).contains(needed);
    }
  }

  @Test
  void refusesARevokedKeySoon() throws Exception {
    var issued =
        platform
            .node
            .keys()
            .issue(TenantId.DEFAULT, Scope.INVOKER, "short", java.util.Optional.empty());
    var request =
        HttpRequest.newBuilder(platform.uri("/v1/functions"))
            .header("Authorization", "Bearer " + issued.text());
    assertThat(platform.send(request).statusCode()).isEqualTo(200);
    platform.node.keys().revoke(TenantId.DEFAULT, issued.id());

    org.awaitility.Awaitility.await()
        .atMost(java.time.Duration.ofMillis(2 * Access.TRUST_MILLIS))
        .until(() -> platform.send(request).statusCode() == 401);
  }

  @Test
  void answersForAnotherTenantsThingsAsForMissingOnes() throws Exception {
    String other = platform.key(new TenantId("other"), Scope.ADMIN);
    String id =
        platform.post("/function/echo", "1").headers().firstValue("X-Invocation-Id").orElseThrow();
    String missing = "0" + id.substring(1, 25) + "z";

    for (String path :
        new String[] {"/invocations/%s", "/invocations/%s/result", "/invocations/%s/logs"}) {
      HttpResponse<String> theirs = asOther(other, "GET", path.formatted(id));
      HttpResponse<String> none = asOther(other, "GET", path.formatted(missing));
      assertThat(theirs.statusCode()).isEqualTo(404);
      assertThat(theirs.body().replace(id, "?")).isEqualTo(none.body().replace(missing, "?"));
    }
    assertThat(asOther(other, "DELETE", "/invocations/" + id).statusCode()).isEqualTo(404);
    assertThat(asOther(other, "POST", "/function/echo").statusCode()).isEqualTo(404);
    assertThat(asOther(other, "GET", "/v1/functions/echo").statusCode()).isEqualTo(404);
    assertThat(asOther(other, "GET", "/v1/functions").body()).doesNotContain("echo");
    assertThat(asOther(other, "GET", "/invocations").body()).doesNotContain(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "10.0.0.1",
        ""
      })
  void refusesAForeignHostOnALoopbackAddress(String host) throws Exception {
    for (String path : new String[] {"POST /function/echo", "GET /v1/functions", "GET /"}) {
      assertThat(raw(path + " HTTP/1.1\r\nHost: " + host + "\r\nContent-Length: 0\r\n\r\n"))
          .startsWith("HTTP/1.1 403 ");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:1",
        "LOCALHOST",
        "127.0.0.1:9",
        "127.8.8.8",
        "[::1]",
        "[::1]:80"
      })
  void takesEveryNameOfThisMachine(String host) throws Exception {
    assertThat(raw("GET /healthz HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  @Test
  void refusesARequestWithoutHost() throws Exception {
    assertThat(raw("GET /healthz HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 400 ");
  }

  @Test
  void refusesPagesOfAnotherOrigin() throws Exception {
    assertThat(platform.post("/function/echo", "1", "Origin", "https://evil.example").statusCode())
        .isEqualTo(403);
    assertThat(platform.post("/function/echo", "1", "Origin", "null").statusCode()).isEqualTo(403);
    assertThat(
            platform
                .post(
                    "/function/echo", "1", "Origin", "http://127.0.0.1:" + platform.gateway.port())
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/functions/%2e%2e", "/v1/%2e%2e/metrics", "/v1/../metrics", "/./healthz",
            "/invocations/%00", "/v1/functions/a%2fb",
        "/v1/functions/..%5c..", "/healthz%0d%0aX:1", "/v1/functions/é", "//healthz/..",
            "/function/../metrics", "*"
      })
  void refusesPathsThatTryToBeClever(String path) throws Exception {
    String answer =
        raw(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                + platform.admin
                + "\r\n\r\n");

    assertThat(answer).containsAnyOf("HTTP/1.1 400 ", "HTTP/1.1 404 ");
    assertThat(answer).contains("application/problem+json");
  }

  @Test
  void answersHeadLikeGetWithoutTheBody() throws Exception {
    HttpResponse<String> answer =
        platform.send(platform.to("/healthz").method("HEAD", BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void tellsWhichMethodsAResourceHas() throws Exception {
    HttpResponse<String> answer =
        platform.send(platform.to("/v1/functions").PUT(BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD, POST");

    HttpResponse<String> call = platform.get("/function/echo");
    assertThat(call.statusCode()).isEqualTo(405);
    assertThat(call.headers().firstValue("Allow")).contains("POST");
  }

  @Test
  void tellsThatNothingIsThere() throws Exception {
    for (String path :
        new String[] {"/nothing", "/function", "/function/", "/function/echo/more", "/v1"}) {
      HttpResponse<String> answer = platform.get(path);
      assertThat(answer.statusCode()).as(path).isIn(404, 405);
      assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    }
  }

  private static HttpResponse<String> asOther(String key, String method, String path)
      throws Exception {
    return platform.send(
        HttpRequest.newBuilder(platform.uri(path))
            .header("Authorization", "Bearer " + key)
            .method(method, BodyPublishers.noBody()));
  }

  private static String raw(String request) throws Exception {
    try (RawHttp raw = RawHttp.connect(platform.gateway.port())) {
      raw.send(request.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      return raw.readHead();
    }
  }
}
