package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Figures;
import dev.fanfare.output.OutputFormat;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = {
      "Prints what an invocation wrote.",
      "That is standard output, standard error and log records."
    })
final class LogsCommand extends ClientCommand {
  @Parameters(paramLabel = "INVOCATION", description = "The invocation's id.")
  String id;

  @Option(
      names = {"-f", "--follow"},
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Go on until the invocation has ended.")
  boolean follow;

  @Override
  ExitCode run(Remote remote) {
    HttpResponse<InputStream> response =
        remote.open(
            remote
                .request(
                    "/invocations/" + Remote.escape(id) + "/logs" + (follow ? "?follow=true" : ""))
                .header("Accept", "application/x-ndjson")
                .GET());
    try (InputStream body = response.body()) {
      if (response.statusCode() >= 300) {
        throw remote.refusal(
            Problem.read(response.statusCode(), response.headers(), body.readAllBytes()));
      }
      copy(body);
    } catch (IOException e) {
      throw CommandException.platform("the log broke off: " + e.getMessage()).causedBy(e);
    }
    return ExitCode.OK;
  }

  private void copy(InputStream body) throws IOException {
    boolean raw = fanfare().output != OutputFormat.TABLE;
    Style style = shell().style(Stream.OUT);
    var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (!line.isBlank()) {
        shell().out().println(raw ? line : forPeople(Json.read(line), style));
      }
    }
  }

  private String forPeople(JsonNode line, Style style) {
    String source = line.path("source").asText();
    String level = line.path("level").asText("");
    String text = line.path("text").asText();
    String shown =
        shell().interactive(Stream.OUT) ? text.replaceAll("[\\p{Cntrl}&&[^\t]]", "?") : text;
    String origin =
        String.format("%-7s", level.isEmpty() ? source : level.toLowerCase(java.util.Locale.ROOT));
    return style.dim(clock(line.path("time").asText()))
        + " "
        + color(origin, source, level, style)
        + " "
        + shown;
  }

  private static String color(String origin, String source, String level, Style style) {
    if (source.equals("err") || level.equals("ERROR") || level.equals("SEVERE")) {
      return style.red(origin);
    }
    return level.equals("WARNING") ? style.yellow(origin) : style.cyan(origin);
  }

  private static String clock(String time) {
    try {
      return Figures.clock(Instant.parse(time));
    } catch (DateTimeParseException e) {
      return time;
    }
  }
}
