package dev.fanfare.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fanfare.context.ContextFile;
import dev.fanfare.context.Contexts;
import dev.fanfare.context.Endpoint;
import dev.fanfare.doctor.Finding;
import dev.fanfare.doctor.LedgerCheck;
import dev.fanfare.doctor.MachineChecks;
import dev.fanfare.doctor.PlatformChecks;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Json;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "doctor",
    description = {"Checks this machine and the platform, and says what to do."})
final class DoctorCommand extends LocalCommand {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "The data folder to check (default: ~/.local/share/fanfare).")
  Optional<Path> data = Optional.empty();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "8080",
      description = "The port to check (default: 8080).")
  int port;

  @Option(
      names = "--ledger",
      paramLabel = "URL",
      description = "The shared ledger to check, if there is one; FANFARE_LEDGER says it, too.")
  Optional<String> ledger = Optional.empty();

  @Override
  ExitCode run() {
    List<Finding> findings = new ArrayList<>();
    Path folder = data.orElseGet(() -> shell().dataFolder()).toAbsolutePath().normalize();
    Optional<Endpoint> endpoint = Optional.empty();
    List<Finding> platform;
    try {
      endpoint = endpoint();
      platform = endpoint.map(PlatformChecks::all).orElseGet(PlatformChecks::none);
    } catch (CommandException e) {
      platform = PlatformChecks.unusable(e);
    }
    String path = shell().environment().getOrDefault("PATH", "");
    findings.addAll(MachineChecks.all(folder, port, endpoint.map(Endpoint::url), path));
    GatewayOptions.ledger(ledger, shell()).map(LedgerCheck::of).ifPresent(findings::add);
    findings.addAll(platform);
    print(findings);
    boolean failed = findings.stream().anyMatch(f -> f.health() == Finding.Health.FAILED);
    return failed ? ExitCode.PLATFORM : ExitCode.OK;
  }

  /** The platform that commands talk to, if one was ever chosen. */
  private Optional<Endpoint> endpoint() {
    boolean chosen = fanfare().url.isPresent() || fanfare().context.isPresent();
    Contexts contexts = ContextFile.in(shell().configurationFolder()).load();
    return chosen || contexts.current().isPresent()
        ? Optional.of(fanfare().endpoint())
        : Optional.empty();
  }

  private void print(List<Finding> findings) {
    ArrayNode items = Json.object().putArray("findings");
    for (Finding finding : findings) {
      var item =
          items
              .addObject()
              .put("check", finding.check())
              .put("health", finding.health().toString())
              .put("detail", finding.detail());
      finding.advice().ifPresent(advice -> item.put("advice", advice));
    }
    if (printer().forPeople()) {
      findings.forEach(this::show);
    } else {
      printer().list(items, new Table(), item -> {});
    }
  }

  private void show(Finding finding) {
    Style style = shell().style(Stream.OUT);
    String mark =
        switch (finding.health()) {
          case OK -> style.green("ok     ");
          case WARNING -> style.yellow("warning");
          case FAILED -> style.red("failed ");
        };
    shell().out().println(mark + " " + String.format("%-15s", finding.check()) + finding.detail());
    finding
        .advice()
        .ifPresent(advice -> shell().out().println(" ".repeat(23) + style.dim("-> " + advice)));
  }
}
