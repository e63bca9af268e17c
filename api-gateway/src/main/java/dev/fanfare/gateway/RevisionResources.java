package dev.fanfare.gateway;

import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.registry.Registry;
import io.vertx.core.http.HttpHeaders;

/**
 * {@code /v1/revisions/{name}}: what a deployer needs to run a revision elsewhere, its manifest and
 * what it was deployed from. The name may have an alias or a revision, as in a call.
 */
final class RevisionResources {
  private final Platform platform;
  private final Registry registry;
  private final UnknownFunction unknown;

  RevisionResources(Platform platform) {
    this.platform = platform;
    this.registry = platform.node().registry();
    this.unknown = new UnknownFunction(registry);
  }

  void serve(Routes routes) {
    routes.get("/v1/revisions/:name/manifest", Scope.DEPLOYER, this::manifest);
    routes.get("/v1/revisions/:name/artifact", Scope.DEPLOYER, this::artifact);
  }

  /** Byte for byte, since its hash is the revision's id. */
  private void manifest(Exchange exchange) {
    send(exchange, target(exchange).revision().hash(), "application/json");
  }

  private void artifact(Exchange exchange) {
    RevisionManifest manifest = registry.manifest(target(exchange).revision()).orElseThrow();
    send(exchange, manifest.artifact(), "application/octet-stream");
  }

  private Target target(Exchange exchange) {
    FunctionReference reference = UnknownFunction.parse(exchange.path("name"));
    return registry
        .resolve(exchange.tenant(), reference)
        .orElseThrow(() -> new Refused(unknown.problem(exchange.tenant(), reference)));
  }

  private void send(Exchange exchange, Sha256 hash, String type) {
    exchange.blocking(
        () -> {
          platform.node().blobs().obtain(hash);
          return new Payload.Blob(type, hash, platform.node().blobs().size(hash));
        },
        blob -> {
          exchange.response().headers().set(HttpHeaders.CONTENT_TYPE, type);
          exchange.response().putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
          new BlobAnswer(exchange.request(), platform.node().blobs(), blob, platform.context())
              .send(platform.disk(), () -> exchange.fail(missing(hash)));
        });
  }

  private static Problem missing(Sha256 hash) {
    return Problem.of(503, "blob-away", "Not here now", "no node that is up has blob " + hash);
  }
}
