package dev.fanfare.gateway;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.Set;

/** Makes the HTTP/1.1 server of an event loop, with its limits on lines, headers and messages. */
final class HttpServers {
  private static final int LINE_BYTES = 8 * 1024;
  private static final int HEADER_BYTES = 16 * 1024;
  private static final int CHUNK_BYTES = 64 * 1024;

  private HttpServers() {}

  static HttpServer create(Vertx vertx, GatewayConfiguration configuration) {
    var options =
        new HttpServerOptions()
            .setMaxInitialLineLength(LINE_BYTES)
            .setMaxHeaderSize(HEADER_BYTES)
            .setMaxChunkSize(CHUNK_BYTES)
            .setHttp2ClearTextEnabled(false)
            .setDecompressionSupported(false)
            .setCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(WebSocketLink.MESSAGE_BYTES)
            .setMaxWebSocketMessageSize(WebSocketLink.MESSAGE_BYTES)
            .setWebSocketSubProtocols(
                List.of(WebSocketLink.CBOR, WebSocketLink.JSON, ChannelCall.EVENTS));
    options.setTcpNoDelay(true).setReuseAddress(true);
    configuration
        .tls()
        .ifPresent(
            tls -> {
              options.setSsl(true);
              options.setUseAlpn(false);
              options.setEnabledSecureTransportProtocols(Set.of("TLSv1.3"));
              options.setKeyCertOptions(
                  new PemKeyCertOptions()
                      .setCertPath(tls.certificate().toString())
                      .setKeyPath(tls.key().toString()));
            });
    return vertx.createHttpServer(options).invalidRequestHandler(HttpServers::invalid);
  }

  private static void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    Problem problem =
        switch (cause) {
          case TooLongHttpLineException e ->
              Problem.of(
                  414,
                  "uri-too-long",
                  "URI too long",
                  "the request line is at most " + LINE_BYTES + " bytes");
          case TooLongHttpHeaderException e ->
              Problem.of(
                  431,
                  "headers-too-large",
                  "Headers too large",
                  "all headers together are at most " + HEADER_BYTES + " bytes");
          case null, default -> Problem.badRequest("the request is not well-formed HTTP/1.1");
        };
    request.response().putHeader("Connection", "close");
    problem.answer(request.response());
    request.connection().close();
  }
}
