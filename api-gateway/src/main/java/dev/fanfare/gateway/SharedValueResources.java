package dev.fanfare.gateway;

import dev.fanfare.blob.Blobs;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.Sha256;
import io.vertx.core.http.HttpMethod;

/** {@code /v1/blobs/{hash}}: values that many items share, sent once by the hash of their bytes. */
final class SharedValueResources {
  private final Platform platform;
  private final Blobs blobs;

  SharedValueResources(Platform platform) {
    this.platform = platform;
    this.blobs = platform.node().blobs();
  }

  void serve(Routes routes) {
    routes.get("/v1/blobs/:hash", Scope.DEPLOYER, this::look);
    routes.body(HttpMethod.PUT, "/v1/blobs/:hash", Scope.DEPLOYER, this::put);
  }

  /** Whether it is here; what it is only workers learn. */
  private void look(Exchange exchange) {
    Sha256 hash = exchange.path("hash", Sha256::new);
    exchange.blocking(
        () -> blobs.obtain(hash),
        there -> {
          if (there) {
            exchange.nothing();
          } else {
            exchange.fail(
                new Refused(
                    Problem.of(404, "no-such-blob", "No such blob", "there is no blob " + hash)));
          }
        });
  }

  private void put(Exchange exchange) {
    Sha256 hash = exchange.path("hash", Sha256::new);
    new BlobIntake(
            exchange.request(),
            platform.context(),
            platform.configuration().artifactLimitBytes(),
            blobs,
            platform.disk())
        .take(null)
        .onSuccess(
            kept -> {
              if (kept.hash().equals(hash)) {
                exchange.nothing();
              } else {
                exchange.fail(
                    Problem.of(
                        422, "wrong-hash", "Wrong hash", "the body's hash is " + kept.hash()));
              }
            })
        .onFailure(failure -> exchange.fail(BlobIntake.problem(failure)));
  }
}
