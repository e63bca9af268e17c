package dev.fanfare.gateway;

import dev.fanfare.openapi.OpenApi;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.registry.FunctionView;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * {@code /}: a page that shows functions and workers. {@code /openapi.json}: the interface
 * described, with the caller's functions when a key comes along. The page's own files hold nothing
 * secret; what it shows it asks for with the key that the person gives.
 */
final class PageResources {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Platform platform;
  private final OpenApi openApi = new OpenApi();

  PageResources(Platform platform) {
    this.platform = platform;
  }

  void serve(Routes routes) {
    page(routes, "/", "dashboard.html", "text/html; charset=utf-8");
    page(routes, "/dashboard.js", "dashboard.js", "text/javascript; charset=utf-8");
    page(routes, "/dashboard.css", "dashboard.css", "text/css; charset=utf-8");
    routes.openWithCaller("/openapi.json", this::describe);
  }

  private void describe(Exchange exchange) {
    List<FunctionSpec> functions =
        exchange
            .caller()
            .map(
                caller ->
                    platform.node().registry().functions(caller.tenant()).stream()
                        .map(FunctionView::spec)
                        .toList())
            .orElse(List.of());
    exchange.json(200, openApi.describe(functions));
  }

  private static void page(Routes routes, String path, String resource, String type) {
    byte[] bytes = read(resource);
    routes.open(
        path,
        exchange -> {
          exchange.response().putHeader(HttpHeaders.CONTENT_TYPE, type);
          exchange.response().putHeader("Content-Security-Policy", POLICY);
          exchange.response().putHeader(Names.CONTENT_TYPE_OPTIONS, Names.NOSNIFF);
          exchange.response().putHeader("Referrer-Policy", "no-referrer");
          exchange.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
          exchange.response().end(Buffer.buffer(bytes));
        });
  }

  private static byte[] read(String resource) {
    try (InputStream in = PageResources.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the gateway's jar");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + resource, e);
    }
  }
}
