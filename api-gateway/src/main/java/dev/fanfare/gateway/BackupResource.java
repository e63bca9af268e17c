package dev.fanfare.gateway;

import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.key.Scope;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /v1/backup}: everything durable of this node, while it runs, as one file. */
final class BackupResource {
  private static final Logger log = LoggerFactory.getLogger(BackupResource.class);

  private final SchedulerNode node;
  private final Platform platform;

  BackupResource(Platform platform) {
    this.platform = platform;
    this.node = platform.node();
  }

  void serve(Routes routes) {
    routes.get("/v1/backup", Scope.ADMIN, this::backup);
  }

  private void backup(Exchange exchange) {
    exchange.blocking(node::backup, file -> send(exchange, file));
  }

  private void send(Exchange exchange, Path file) {
    exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, "application/zip");
    exchange
        .response()
        .sendFile(file.toString())
        .onComplete(sent -> platform.disk().execute(() -> delete(file)));
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.warn("{} goes at the next start", file, e);
    }
  }
}
