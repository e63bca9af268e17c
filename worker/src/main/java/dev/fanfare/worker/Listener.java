package dev.fanfare.worker;

import dev.fanfare.protocol.Sha256;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Set;

/** Makes the servers of workers and relays, which serve WebSockets only. */
final class Listener {
  private static final int MESSAGE_BYTES = 16 << 20;

  private Listener() {}

  static HttpServer server(Vertx vertx, Listening where, List<String> subprotocols) {
    var options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setCompressionSupported(false)
            .setPerFrameWebSocketCompressionSupported(false)
            .setPerMessageWebSocketCompressionSupported(false)
            .setMaxWebSocketFrameSize(MESSAGE_BYTES)
            .setMaxWebSocketMessageSize(MESSAGE_BYTES)
            .setWebSocketSubProtocols(subprotocols);
    options.setTcpNoDelay(true).setReuseAddress(true);
    where
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
    return vertx.createHttpServer(options);
  }

  /** SHA-256 of the certificate, as both sides prove that they see the same one. */
  static String fingerprint(Listening where) {
    return where.tls().map(tls -> fingerprint(tls.certificate())).orElse("");
  }

  private static String fingerprint(Path certificate) {
    try (InputStream pem = Files.newInputStream(certificate)) {
      return Sha256.of(
              CertificateFactory.getInstance("X.509").generateCertificate(pem).getEncoded())
          .hex();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (CertificateException e) {
      throw new IllegalArgumentException(certificate + " is no certificate in PEM", e);
    }
  }
}
