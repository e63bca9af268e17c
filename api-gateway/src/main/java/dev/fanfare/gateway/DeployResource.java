package dev.fanfare.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.blob.Blobs;
import dev.fanfare.deploy.JarScan;
import dev.fanfare.deploy.ProgramScan;
import dev.fanfare.deploy.SourceScan;
import dev.fanfare.deploy.Undeployable;
import dev.fanfare.gateway.BlobIntake.Kept;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.registry.Deployment;
import dev.fanfare.registry.Registry;
import dev.fanfare.session.SessionServer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * {@code POST /v1/functions}: a jar, or a source file, comes as a stream, is looked at, and becomes
 * a revision.
 */
final class DeployResource {
  private static final String SOURCE = "text/x-java-source";
  private static final String PROGRAM = "application/vnd.fanfare.program+zip";
  private static final Set<String> TYPES =
      Set.of(
          SOURCE,
          PROGRAM,
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
    Upload upload = upload(request);
    if (request.headers().contains(HttpHeaders.EXPECT)) {
      request.response().writeContinue();
    }
    Platform platform = exchange.platform();
    new BlobIntake(request, platform.context(), limit, blobs, platform.disk())
        .take(null)
        .onSuccess(kept -> deploy(exchange, upload, kept))
        .onFailure(failure -> exchange.fail(BlobIntake.problem(failure)));
  }

  /** What is sent, as it says of itself. */
  private sealed interface Upload {
    record Jar() implements Upload {}

    record Program() implements Upload {}

    record Source(String file, FunctionName function) implements Upload {}

    default String what() {
      return switch (this) {
        case Jar _ -> "the jar";
        case Program _ -> "the folder";
        case Source _ -> "the source";
      };
    }
  }

  private static Upload upload(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    String essence = type == null ? "" : essence(type);
    if (essence.equals(PROGRAM)) {
      return new Upload.Program();
    }
    if (!essence.equals(SOURCE)) {
      return new Upload.Jar();
    }
    String file = request.getParam("file");
    String name = request.getParam("name");
    return new Upload.Source(
        file == null ? "Main.java" : file,
        name == null ? SourceScan.UNNAMED : Exchange.parse("name", name, DeployResource::named));
  }

  private static FunctionName named(String text) {
    var name = new FunctionName(text);
    if (name.reserved()) {
      throw new IllegalArgumentException(
          "names that begin with " + FunctionName.RESERVED + " are the platform's own");
    }
    return name;
  }

  private void check(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !TYPES.contains(essence(type))) {
      throw new Refused(
          Problem.of(
              415,
              "unsupported-media-type",
              "Unsupported media type",
              "send a jar as application/java-archive, a source file as " + SOURCE));
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

  private static String essence(String type) {
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  private RevisionManifest scan(Upload upload, Kept kept) {
    Path file = blobs.path(kept.hash());
    return switch (upload) {
      case Upload.Program _ -> ProgramScan.scan(file, kept.hash());
      case Upload.Jar _ -> JarScan.scan(file, kept.hash());
      case Upload.Source(String name, FunctionName function) ->
          SourceScan.scan(file, kept.hash(), name, function);
    };
  }

  private void deploy(Exchange exchange, Upload upload, Kept kept) {
    TenantId tenant = exchange.tenant();
    exchange.blocking(
        () -> {
          scans.acquire();
          try {
            return registry.deploy(tenant, scan(upload, kept));
          } catch (Undeployable e) {
            throw new Refused(undeployable(e, upload.what()));
          } finally {
            scans.release();
          }
        },
        deployment -> {
          if (!deployment.created()) {
            sessions.announce(deployment.revision()); // otherwise the registry tells all gateways
          }
          exchange.json(deployment.created() ? 201 : 200, json(deployment));
        });
  }

  private static Problem undeployable(Undeployable refusal, String what) {
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
    String words = what + " cannot be deployed";
    return Problem.of(
            400,
            Undeployable.CODE,
            Character.toUpperCase(words.charAt(0)) + words.substring(1),
            words)
        .with("problems", problems);
  }

  private ObjectNode json(Deployment deployment) {
    ObjectNode json = JsonText.object();
    json.put("revision", deployment.revision().toString());
    json.put("created", deployment.created());
    ArrayNode functions = json.putArray("functions");
    for (FunctionName name : deployment.functions()) {
      ObjectNode function = functions.addObject();
      function.put("name", name.value());
      function.put("url", FunctionCalls.SYNC + name);
      function.put("revision", deployment.revision().toString());
      if (hasChannel(deployment.revision(), name)) {
        function.put("channel", true);
      }
      var replaced = deployment.replaced().get(name);
      if (replaced != null) {
        function.put("replaced", replaced.toString());
      }
    }
    return json;
  }

  private boolean hasChannel(RevisionId revision, FunctionName name) {
    return registry
        .manifest(revision)
        .flatMap(manifest -> manifest.function(name))
        .filter(FunctionSpec::channel)
        .isPresent();
  }
}
