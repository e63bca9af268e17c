package dev.fanfare.command;

import static dev.fanfare.output.Figures.revision;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.argument.ArgumentFlags;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "deploy",
    description = {
      "Deploys the functions of a jar (public methods marked with @Fn) or of a folder of programs.",
      "The same content is the same revision; deploying it again changes nothing."
    })
final class DeployCommand extends ClientCommand {
  @Parameters(
      paramLabel = "JAR",
      description = "The jar with the functions and what they need, or a folder with fanfare.json.")
  Path jar;

  @Override
  ExitCode run(Remote remote) {
    JsonNode deployment = deploy(remote, jar);
    Table table = new Table("FUNCTION", "REVISION", "URL");
    printer()
        .one(
            deployment,
            () -> {
              deployment.path("functions").forEach(function -> add(table, remote, function));
              printer().table(table);
              sayNext(remote, deployment);
            });
    return ExitCode.OK;
  }

  static JsonNode deploy(Remote remote, Path jar) {
    if (Files.isDirectory(jar)) {
      return deployFolder(remote, jar);
    }
    if (!Files.isRegularFile(jar)) {
      throw CommandException.usage("there is no file " + jar);
    }
    if (!Files.isReadable(jar)) {
      throw CommandException.usage("may not read " + jar);
    }
    return send(remote, jar, "application/java-archive");
  }

  private static JsonNode deployFolder(Remote remote, Path folder) {
    Path zip = PackedFolder.pack(folder);
    try {
      return send(remote, zip, "application/vnd.fanfare.program+zip");
    } finally {
      zip.toFile().delete();
    }
  }

  private static JsonNode send(Remote remote, Path jar, String type) {
    try {
      return remote.json(
          remote
              .request("/v1/functions")
              .header("Content-Type", type)
              .POST(BodyPublishers.ofFile(jar)));
    } catch (FileNotFoundException e) {
      throw CommandException.usage("cannot read " + jar + ": " + e.getMessage()).causedBy(e);
    }
  }

  private static void add(Table table, Remote remote, JsonNode function) {
    table.row(
        text(function.path("name")), revision(function.path("revision")), url(remote, function));
  }

  private static String url(Remote remote, JsonNode function) {
    String url = text(function.path("url"));
    return url.startsWith("/") ? remote.endpoint().url() + url : url;
  }

  private void sayNext(Remote remote, JsonNode deployment) {
    JsonNode functions = deployment.path("functions");
    String revision = revision(deployment.path("revision"));
    shell()
        .say(
            deployment.path("created").asBoolean(true)
                ? "deployed " + functions.size() + " functions as revision " + revision
                : "revision " + revision + " is deployed already: unchanged");
    if (functions.isEmpty()) {
      return;
    }
    String name = text(functions.get(0).path("name"));
    JsonNode described = remote.get("/v1/functions/" + Remote.escape(name));
    String flags = ArgumentFlags.synopsis(described.path("inputSchema"));
    shell().say(("next: fanfare invoke " + name + " " + flags).strip());
  }
}
