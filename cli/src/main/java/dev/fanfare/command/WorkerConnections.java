package dev.fanfare.command;

import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Table;
import dev.fanfare.protocol.WorkerAddress;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about workers that listen, which gateways dial. */
final class WorkerConnections {
  static final String PATH = "/v1/workers/connections";

  private WorkerConnections() {}

  private static WorkerAddress checked(String address) {
    try {
      return WorkerAddress.parse(address);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(String.valueOf(e.getMessage()));
    }
  }

  /** One line about an address. */
  static String words(JsonNode connection) {
    String address = text(connection.path("address"));
    return switch (connection.path("state").asText()) {
      case "connected" -> "connected to worker " + text(connection.path("worker"));
      case "elsewhere" -> "worker at " + address + " has a session with another gateway";
      case "dialling" -> "dialling " + address;
      default ->
          "no session with the worker at "
              + address
              + ": "
              + text(connection.path("problem"))
              + "; it is dialled again and again";
    };
  }

  @Command(
      name = "connect",
      description = {
        "Dials a worker that listens (fanfare worker --listen), and again whenever the connection"
            + " is lost.",
        "Both prove that they know the worker's join token, or the credential that came of it;"
            + " neither goes over the connection."
      })
  static final class Connect extends ClientCommand {
    @Parameters(
        paramLabel = "HOST:PORT",
        description = "Where the worker listens; https://HOST:PORT if it has a certificate.")
    String address;

    @Option(
        names = "--insecure",
        arity = "0..1",
        fallbackValue = "true",
        hideParamSyntax = true,
        description = "Allow an address of another machine without TLS.")
    boolean insecure;

    @Override
    ExitCode run(Remote remote) {
      JsonNode connection =
          remote.post(
              PATH,
              Json.object().put("address", checked(address).toString()).put("insecure", insecure));
      printer().one(connection, () -> shell().out().println(words(connection)));
      return ExitCode.OK;
    }
  }

  @Command(
      name = "disconnect",
      description =
          "Dials a listening worker no more and ends its session; its work is given back.")
  static final class Disconnect extends ClientCommand {
    @Parameters(paramLabel = "HOST:PORT", description = "As it was given to connect.")
    String address;

    @Override
    ExitCode run(Remote remote) {
      WorkerAddress parsed = checked(address);
      remote.delete(PATH + "?address=" + Remote.escape(parsed.toString()));
      shell().say("disconnected " + parsed);
      return ExitCode.OK;
    }
  }

  @Command(name = "connections", description = "Lists the listening workers that are dialled.")
  static final class Show extends ClientCommand {
    @Override
    ExitCode run(Remote remote) {
      JsonNode connections = remote.get(PATH).path("connections");
      Table table = new Table("ADDRESS", "STATE", "WORKER", "PROBLEM");
      printer()
          .list(
              connections,
              table,
              one ->
                  table.row(
                      text(one.path("address")),
                      text(one.path("state")),
                      text(one.path("worker")),
                      text(one.path("problem"))));
      return ExitCode.OK;
    }
  }
}
