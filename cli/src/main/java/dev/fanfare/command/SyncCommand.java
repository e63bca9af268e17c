package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.fanfare.client.FanfareException;
import dev.fanfare.output.Figures;
import dev.fanfare.output.Table;
import dev.fanfare.output.Transfer;
import dev.fanfare.protocol.Builtins;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.sync.SyncListener;
import dev.fanfare.sync.SyncMessage;
import dev.fanfare.sync.SyncOptions;
import dev.fanfare.sync.SyncReport;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "sync",
    description = {
      "Makes folders on workers like a folder here, on all of them at once.",
      "Files that are there already are not sent. The workers must have been started with"
          + " --allow-sync FOLDER; paths count from that folder:",
      "  fanfare sync models --on gpu-1:models --on gpu-2:models",
      "  fanfare sync models --label gpu=a100:models --delete --exclude '*.tmp'",
      "  fanfare sync site --all www --dry-run"
    })
final class SyncCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--on",
      paramLabel = "WORKER:PATH",
      description = "The folder PATH on the worker of this name; may be repeated.")
  List<String> on = List.of();

  @Option(
      names = "--label",
      paramLabel = "DEMAND:PATH",
      description =
          "On every worker with this label, for example gpu=a100:models; may be repeated.")
  List<String> labels = List.of();

  @Option(names = "--all", paramLabel = "PATH", description = "On every worker that allows it.")
  Optional<String> all = Optional.empty();

  @Option(
      names = "--delete",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Delete there what is not here.")
  boolean delete;

  @Option(
      names = "--exclude",
      paramLabel = "GLOB",
      description =
          "Leave such names alone, here and there; with a slash in it such paths; may be"
              + " repeated.")
  List<String> exclude = List.of();

  @Option(
      names = "--checksum",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Compare contents, also of files with equal size and time.")
  boolean checksum;

  @Option(
      names = "--keep-links",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Make also links that lead out of the folder; nothing is written through them.")
  boolean keepLinks;

  @Option(
      names = "--dry-run",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Do nothing, but tell what would be done.")
  boolean dryRun;

  @Parameters(paramLabel = "FOLDER", description = "The folder here.")
  Path folder;

  @Override
  public Integer call() {
    Shell shell = Fanfare.of(spec).shell();
    var options = new SyncOptions(checksum, delete, dryRun, keepLinks, exclude);
    try (Remote remote = Fanfare.of(spec).remote();
        var platform =
            dev.fanfare.client.Fanfare.connect(
                remote.endpoint().gateways().stream().map(URI::create).toList(),
                remote.endpoint().key().orElse(""))) {
      Set<String> targets = targets(remote);
      List<SyncReport> reports;
      try (Transfer transfer = Transfer.start(shell, "sync")) {
        reports =
            platform.sync(
                folder,
                options,
                new Hearing(shell, transfer, dryRun || Fanfare.of(spec).verbose()),
                targets.toArray(String[]::new));
      }
      return print(shell, reports);
    } catch (NoSuchFileException e) {
      throw CommandException.usage("there is no folder " + folder);
    } catch (NotDirectoryException e) {
      throw CommandException.usage(folder + " is no folder");
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw CommandException.platform(folder + " cannot be read: " + e.getMessage());
    } catch (FanfareException e) {
      throw CommandException.platform(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  // ---- where ----

  private Set<String> targets(Remote remote) {
    var places = new SyncPlaces(remote.get("/v1/workers").path("workers"));
    var targets = new LinkedHashSet<String>();
    on.forEach(text -> targets.add(places.on(text)));
    labels.forEach(text -> targets.addAll(places.labelled(text)));
    all.ifPresent(path -> targets.addAll(places.all(path)));
    places
        .refused()
        .forEach(
            name ->
                Fanfare.of(spec)
                    .shell()
                    .say(name + ": refused: it was started without --" + Builtins.ALLOW_SYNC));
    if (on.isEmpty() && labels.isEmpty() && all.isEmpty()) {
      throw CommandException.usage("where to? --on WORKER:PATH, --label DEMAND:PATH or --all PATH");
    }
    if (targets.isEmpty()) {
      throw CommandException.platform("there is no such worker that allows it")
          .advise("start workers so: fanfare worker --allow-sync FOLDER …");
    }
    return targets;
  }

  // ---- what is told ----

  private record Hearing(Shell shell, Transfer transfer, boolean everything)
      implements SyncListener {
    @Override
    public void expected(String worker, long bytes) {
      transfer.expect(bytes);
    }

    @Override
    public void sent(String worker, long bytes) {
      transfer.advance(bytes);
    }

    @Override
    public void told(String worker, SyncMessage.Told told) {
      if (everything && told.deed() != SyncMessage.Deed.FAILED) {
        String deed = told.deed().name().toLowerCase(Locale.ROOT);
        shell.say(worker + ": " + deed + " " + told.path());
      }
    }
  }

  private int print(Shell shell, List<SyncReport> reports) {
    ArrayNode rows = Json.object().putArray("workers");
    boolean broken = false;
    boolean failed = false;
    for (SyncReport report : reports) {
      report.failures().forEach(failure -> shell.say(report.worker() + ": " + failure));
      if (report.broken() != null) {
        shell.say(report.worker() + ": " + report.broken());
      }
      broken |= report.broken() != null;
      failed |= report.failed() > 0;
      rows.add(json(report));
    }
    var table =
        new Table(
            "WORKER",
            ">SENT",
            ">UNCHANGED",
            ">COPIED",
            ">LINKS",
            ">DELETED",
            ">FAILED",
            ">BYTES",
            "ENDED");
    Fanfare.of(spec).printer().list(rows, table, row -> row(table, row));
    return (broken ? ExitCode.PLATFORM : failed ? ExitCode.FUNCTION_FAILED : ExitCode.OK).number();
  }

  private static void row(Table table, JsonNode row) {
    table.row(
        row.path("worker").asText(),
        row.path("sent").asText(),
        row.path("unchanged").asText(),
        row.path("copied").asText(),
        row.path("links").asText(),
        row.path("deleted").asText(),
        row.path("failed").asText(),
        Figures.bytes(row.path("bytes")),
        row.hasNonNull("broken") ? "no" : "yes");
  }

  private static JsonNode json(SyncReport report) {
    var row =
        Json.object()
            .put("worker", report.worker())
            .put("sent", report.sent())
            .put("unchanged", report.unchanged())
            .put("copied", report.copied())
            .put("links", report.links())
            .put("folders", report.folders())
            .put("deleted", report.deleted())
            .put("failed", report.failed())
            .put("bytes", report.bytes());
    report.failures().forEach(row.putArray("failures")::add);
    if (report.broken() != null) {
      row.put("broken", report.broken());
    }
    return row;
  }
}
