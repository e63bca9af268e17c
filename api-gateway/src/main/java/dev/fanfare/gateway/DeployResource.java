package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.blob.Blobs;
import dev.fanfare.deploy.JarScan;
import dev.fanfare.deploy.Undeployable;
import dev.fanfare.gateway.BlobIntake.Kept;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.registry.Deployment;
import dev.fanfare.registry.Registry;
import dev.fanfare.session.SessionServer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;

/** {@code POST /v1/functions}: a jar comes as a stream, is scanned, and becomes a revision. */
final class DeployResource {
  private static final Set<String> TYPES =
      Set.of(
          "application/java-archive",
          "application/x-java-archive",
          "application/zip",
          "application/octet-stream");

  /** How many jars are scanned at the same time. */
  private static final int SCANS = 2;

  private final Semaphore scans = new Semaphore(SCANS);
  private final SessionServer sessions;
  private final Registry registry;
  private final Blobs blobs;
  private final long limit;

  DeployResource(Platform platform, SessionServer sessions) {
    this.sessions = sessions;
    this.registry = platform.node().registry();
    this.blobs = platform.node().blobs();
    this.limit = platform.configuration().artifactLimitBytes();
  }

  void serve(Routes routes) {
    routes.body(HttpMethod.POST, "/v1/functions", Scope.DEPLOYER, this::deploy);
  }

  private void deploy(Exchange exchange) {
    HttpServerRequest request = exchange.request();
    check(request);
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
    Platform platform = exchange.platform();
    new BlobIntake(request, platform.context(), limit, blobs, platform.disk())
        .take(null)
        .onSuccess(jar -> deploy(exchange, jar))
        .onFailure(failure -> exchange.fail(BlobIntake.problem(failure)));
  }

  private void check(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !TYPES.contains(type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT))) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-media-type",
              "Unsupported media type",
              "send the jar as application/java-archive"));
    }
    if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-encoding",
              "Unsupported content encoding",
              "send the jar without Content-Encoding"));
    }
    boolean chunked = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
    long length = RequestBody.contentLength(request.headers());
    if (length < 0 && !chunked) {
      throw new Refused(
          Problem.of(
              411,
              "length-required",
              "Length required",
              "send the jar with Content-Length or in chunks"));
    }
    if (length > limit) {
      throw new Refused(Problem.tooLarge("the jar", limit));
    }
  }

  private void deploy(Exchange exchange, Kept jar) {
    TenantId tenant = exchange.tenant();
    exchange.blocking(
        () -> {
          scans.acquire();
          try {
            return registry.deploy(tenant, JarScan.scan(blobs.path(jar.hash()), jar.hash()));
          } catch (Undeployable e) {
            throw new Refused(undeployable(e));
          } finally {
            scans.release();
          }
        },
        deployment -> {
          sessions.announce(deployment.revision());
          exchange.json(deployment.created() ? 201 : 200, json(deployment));
        });
  }

  private static Problem undeployable(Undeployable refusal) {
    ArrayNode problems = JsonText.array();
    refusal
        .problems()
        .forEach(
            problem ->
                problems
                    .addObject()
                    .put("code", problem.code().code())
                    .put("where", problem.where())
                    .put("message", problem.toString()));
    return Problem.of(
            400, Undeployable.CODE, "The jar cannot be deployed", "the jar cannot be deployed")
        .with("problems", problems);
  }

  private static ObjectNode json(Deployment deployment) {
    ObjectNode json = JsonText.object();
    json.put("revision", deployment.revision().toString());
    json.put("created", deployment.created());
    ArrayNode functions = json.putArray("functions");
    for (FunctionName name : deployment.functions()) {
      ObjectNode function = functions.addObject();
      function.put("name", name.value());
      function.put("url", FunctionCalls.SYNC + name);
      function.put("revision", deployment.revision().toString());
      var replaced = deployment.replaced().get(name);
      if (replaced != null) {
        function.put("replaced", replaced.toString());
      }
    }
    return json;
  }
}
