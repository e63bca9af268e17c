package dev.fanfare.command;

import dev.fanfare.balance.Balancer;
import dev.fanfare.context.Context;
import dev.fanfare.health.HealthServer;
import dev.fanfare.platform.EventLoops;
import dev.fanfare.platform.Logging;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.StopSignal;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "balance",
    description = {
      "Puts one port in front of several gateways.",
      "Connections go to a gateway that is ready and has the fewest. One that is lost or stops is"
          + " passed over; callers whose connection was with it connect again."
    })
final class BalanceCommand extends LocalCommand {
  @Option(
      names = "--gateway",
      paramLabel = "URL",
      required = true,
      split = ",",
      splitSynopsisLabel = ",",
      description = "The gateways. TLS is theirs: it passes through.")
  List<String> gateways;

  @Mixin AddressOptions listen = new AddressOptions();

  @Mixin HealthOption health = new HealthOption();

  @Override
  ExitCode run() {
    Logging.to(shell().err(), fanfare().verbose());
    List<URI> urls = gateways.stream().map(url -> URI.create(Context.checkUrl(url))).toList();
    Vertx vertx = EventLoops.start();
    try (StopSignal stop = StopSignal.install()) {
      Balancer balancer = start(vertx, urls);
      try (HealthServer _ = health.open(balancer::ready)) {
        shell().out().println("ready " + listen.host + ":" + balancer.port());
        return stop.await();
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private Balancer start(Vertx vertx, List<URI> urls) {
    try {
      return Balancer.start(vertx, listen.host, listen.port, urls)
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw CommandException.platform(
              "cannot listen on " + listen.host + ":" + listen.port + ": " + e.getCause())
          .advise("choose another with --port")
          .causedBy(e);
    }
  }
}
