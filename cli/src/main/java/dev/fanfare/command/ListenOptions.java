package dev.fanfare.command;

import dev.fanfare.terminal.CommandException;
import dev.fanfare.worker.Listening;
import dev.fanfare.worker.ListeningDialer;
import io.vertx.core.Context;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Option;

/** Where a worker or a relay listens. */
final class ListenOptions {
  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      description =
          "Dial no gateway but wait for one here: fanfare workers connect ADDRESS:PORT lets the"
              + " platform come.")
  Optional<String> listen = Optional.empty();

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "Certificate chain in PEM for --listen; it may be self-signed.")
  Optional<Path> certificate = Optional.empty();

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Private key of the certificate in PEM.")
  Optional<Path> tlsKey = Optional.empty();

  @Option(
      names = "--insecure",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Allow --listen on an address that other machines reach without TLS.")
  boolean insecure;

  boolean wanted() {
    return listen.isPresent();
  }

  /** Where to listen; refused in words where that may not be. */
  Listening where() {
    if (certificate.isPresent() != tlsKey.isPresent()) {
      throw CommandException.usage("--tls-certificate and --tls-key go together");
    }
    try {
      return Listening.parse(
          listen.orElseThrow(),
          certificate.map(chain -> new Listening.Tls(chain, tlsKey.orElseThrow())),
          insecure);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--listen: " + e.getMessage());
    }
  }

  /** A dialer that listens; its failure is in words. */
  static ListeningDialer dialer(
      Context context, Listening where, List<String> keys, Path credential) {
    try {
      return ListeningDialer.listen(context, where, keys, credential)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw CommandException.platform(String.valueOf(cause.getMessage())).causedBy(cause);
    }
  }
}
