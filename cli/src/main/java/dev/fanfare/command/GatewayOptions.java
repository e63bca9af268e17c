package dev.fanfare.command;

import dev.fanfare.gateway.GatewayConfiguration;
import dev.fanfare.ledger.LedgerUrl;
import dev.fanfare.protocol.ByteSizes;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where and how a platform listens, and where it keeps its data. */
final class GatewayOptions {
  /** For all commands that know of a ledger. */
  static final String LEDGER_VARIABLE = "FANFARE_LEDGER";

  @Mixin AddressOptions listen = new AddressOptions();

  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "Where everything is kept (default: ~/.local/share/fanfare).")
  Optional<Path> data = Optional.empty();

  @Option(
      names = "--insecure",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Allow an address that other machines reach without TLS.")
  boolean insecure;

  @Option(
      names = "--tls-certificate",
      paramLabel = "FILE",
      description = "Certificate chain in PEM; then the gateway speaks https.")
  Optional<Path> certificate = Optional.empty();

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Private key of the certificate in PEM.")
  Optional<Path> key = Optional.empty();

  @Option(
      names = "--request-limit",
      paramLabel = "SIZE",
      defaultValue = "64m",
      description = "The largest request body of a call (default: 64m).")
  String requestLimit;

  @Option(
      names = "--result-limit",
      paramLabel = "SIZE",
      defaultValue = "64m",
      description = "The largest result of a call (default: 64m).")
  String resultLimit;

  @Option(
      names = "--accepted-limit",
      paramLabel = "N",
      defaultValue = "10000000",
      description = "How much asynchronous work may wait or run (default: 10000000).")
  long acceptedLimit;

  @Option(
      names = "--ledger",
      paramLabel = "URL",
      description =
          "Keep what must not get lost in PostgreSQL, which several nodes then share:"
              + " jdbc:postgresql://HOST[:PORT]/DATABASE?user=…&password=… (default: a file in the"
              + " data folder). Other users of this machine can see flags; FANFARE_LEDGER they"
              + " cannot.")
  Optional<String> ledger = Optional.empty();

  /** The ledger that is not in the data folder, if there is one. */
  Optional<LedgerUrl> ledger(Shell shell) {
    return ledger(ledger, shell);
  }

  static Optional<LedgerUrl> ledger(Optional<String> flag, Shell shell) {
    try {
      return flag.or(() -> shell.variable(LEDGER_VARIABLE))
          .filter(text -> !text.isBlank())
          .map(LedgerUrl::parse);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--ledger: " + e.getMessage());
    }
  }

  Path data(Shell shell) {
    return data.orElseGet(shell::dataFolder).toAbsolutePath().normalize();
  }

  GatewayConfiguration configuration() {
    if (listen.port < 0 || listen.port > 65_535) {
      throw CommandException.usage("--port is 0 to 65535, not " + listen.port);
    }
    if (acceptedLimit < 1) {
      throw CommandException.usage("--accepted-limit is at least 1, not " + acceptedLimit);
    }
    return GatewayConfiguration.DEFAULT
        .at(listen.host, listen.port)
        .insecure(insecure)
        .accepting(acceptedLimit)
        .with(tls())
        .limits(
            size("--request-limit", requestLimit),
            size("--result-limit", resultLimit),
            GatewayConfiguration.DEFAULT.artifactLimitBytes());
  }

  private Optional<GatewayConfiguration.Tls> tls() {
    if (certificate.isPresent() != key.isPresent()) {
      throw CommandException.usage("--tls-certificate and --tls-key go together");
    }
    return certificate.map(chain -> new GatewayConfiguration.Tls(chain, key.orElseThrow()));
  }

  static long size(String flag, String text) {
    try {
      long bytes = ByteSizes.parse(text);
      if (bytes > 0) {
        return bytes;
      }
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(flag + ": " + e.getMessage());
    }
    throw CommandException.usage(flag + " is more than 0");
  }
}
