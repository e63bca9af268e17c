package dev.fanfare.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.argument.ArgumentFlags;
import dev.fanfare.client.CallOptions;
import dev.fanfare.protocol.Constraint;
import dev.fanfare.protocol.Durations;
import dev.fanfare.protocol.FunctionReference;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Stream;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;

@Command(
    name = "invoke",
    description = {
      "Calls a function and prints its result, raw, to standard output.",
      "The argument comes from -d, --file, standard input, or flags named after the function's"
          + " parameters:",
      "  fanfare invoke resize --width 200 --source https://example.com/a.png",
      "  fanfare invoke resize -d '{\"width\": 200}'",
      "Parameters named like one of the options below go behind --: fanfare invoke copy -- --file a"
    },
    customSynopsis = "fanfare invoke FUNCTION [OPTIONS] [--PARAMETER VALUE]...")
final class InvokeCommand extends ClientCommand {
  private static final Duration SILENCE = Duration.ofSeconds(1);

  @Parameters(
      index = "0",
      paramLabel = "FUNCTION",
      description = "The function: its name, NAME:ALIAS or NAME@REVISION.")
  String function;

  @Option(
      names = {"-d", "--data"},
      paramLabel = "TEXT",
      description = "The request's body; @FILE reads it from a file, @- from standard input.")
  Optional<String> data = Optional.empty();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Send this file as the body; - is standard input.")
  Optional<String> file = Optional.empty();

  @Option(
      names = "--content-type",
      paramLabel = "TYPE",
      description = "The body's media type (default: guessed).")
  Optional<String> contentType = Optional.empty();

  @Option(
      names = {"-H", "--header"},
      paramLabel = "NAME:VALUE",
      description = "A further request header; may be repeated.")
  List<String> headers = List.of();

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "-100 to 100, higher first (default: 0).")
  Optional<Integer> priority = Optional.empty();

  @Option(names = "--call-id", paramLabel = "ID", description = "Your own id for the call.")
  Optional<String> callId = Optional.empty();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      description = "How long an attempt may run, less than the function's own.")
  Optional<String> timeout = Optional.empty();

  @Option(
      names = "--constraint",
      paramLabel = "DEMAND",
      description = "What the worker must have, for example gpu=a100; may be repeated.")
  List<String> constraints = List.of();

  @Option(
      names = "--state",
      paramLabel = "ID",
      description =
          "Run it only on a worker in this declared state: see fanfare state show. It waits until"
              + " there is one.")
  Optional<String> state = Optional.empty();

  @Option(
      names = "--state-else",
      paramLabel = "wait|refuse",
      description = "Whether it waits for such a worker (default) or is refused at once.")
  Optional<String> stateElse = Optional.empty();

  @Option(
      names = "--delay",
      paramLabel = "TIME",
      description = "Start it no sooner than in TIME, for example 10s (async).")
  Optional<String> delay = Optional.empty();

  @Option(
      names = "--async",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Do not wait: print the invocation's id.")
  boolean async;

  @Option(
      names = "--wait",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "With --async: then wait for the result, which survives a lost connection.")
  boolean wait;

  @Option(
      names = "--wait-for",
      paramLabel = "TIME",
      description = "Wait no longer than TIME; the work goes on and the id is told.")
  Optional<String> waitFor = Optional.empty();

  @Option(names = "--out", paramLabel = "FILE", description = "Write the result to a file.")
  Optional<Path> out = Optional.empty();

  @Option(
      names = "--channel",
      arity = "0..1",
      fallbackValue = "true",
      hideParamSyntax = true,
      description = "Talk with it: lines of standard input are items to it, its items lines here.")
  boolean channel;

  @Unmatched List<String> flags = new ArrayList<>();

  @Override
  ExitCode run(Remote remote) {
    FunctionReference reference = reference();
    if (channel) {
      return talk(remote, reference);
    }
    Body body = body(remote, reference).as(contentType);
    HttpRequest.Builder request =
        remote
            .request(
                (async ? "/async-function/" : "/function/") + escapedReference() + delayQuery())
            .header("Content-Type", body.contentType())
            .POST(body.publisher());
    addHeaders(request);
    var reader = new ResultReader(remote, fanfare(), function, out);
    HttpResponse<InputStream> response = remote.open(request);
    if (!async) {
      return reader.read(response);
    }
    String id = reader.accepted(response);
    return wait || waitFor.isPresent() ? reader.await(id, waitLimit()) : printAccepted(id);
  }

  /** Standard input is the items', so the argument comes from elsewhere. */
  private ExitCode talk(Remote remote, FunctionReference reference) {
    if (async || file.isPresent() || data.filter("@-"::equals).isPresent()) {
      throw CommandException.usage("--channel goes with -d or flags, not with --async or --file");
    }
    JsonNode argument =
        flags.isEmpty()
            ? data.map(BroadcastCommand::argument).orElse(null)
            : ArgumentFlags.read(function, schema(remote, reference), flags);
    CallOptions options =
        CallOptions.NONE.withConstraints(
            constraints.stream().map(InvokeCommand::checkedConstraint).toArray(String[]::new));
    if (timeout.isPresent()) {
      options = options.withTimeout(duration("--timeout", timeout.get()));
    }
    return ExitCode.of(new OpenedRun(remote, fanfare(), function).run(function, argument, options));
  }

  private FunctionReference reference() {
    try {
      return FunctionReference.parse(function);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("'" + function + "' names no function: " + e.getMessage());
    }
  }

  private String escapedReference() {
    // ':' and '@' may stand in a path, and the gateway reads them.
    return Remote.escape(function).replace("%3A", ":").replace("%40", "@");
  }

  private String delayQuery() {
    if (delay.isEmpty()) {
      return "";
    }
    if (!async) {
      throw CommandException.usage("--delay is for --async calls");
    }
    return "?delay=" + duration("--delay", delay.get());
  }

  // ---- the argument ----

  private Body body(Remote remote, FunctionReference reference) {
    int sources =
        (data.isPresent() ? 1 : 0) + (file.isPresent() ? 1 : 0) + (flags.isEmpty() ? 0 : 1);
    if (sources > 1) {
      throw CommandException.usage(
          "the argument comes from one of -d, --file and flags, not from several"
              + (flags.isEmpty() ? "" : " (" + String.join(" ", flags) + ")"));
    }
    if (!flags.isEmpty()) {
      return Body.json(
          Json.compact(ArgumentFlags.read(function, schema(remote, reference), flags)));
    }
    if (data.isPresent()) {
      String text = data.get();
      return text.startsWith("@") ? fromFile(text.substring(1)) : Body.text(text);
    }
    if (file.isPresent()) {
      return fromFile(file.get());
    }
    return shell().interactive(Stream.IN) ? Body.none() : fromPipe();
  }

  /** Standard input that nobody asked for by name; a pipe that stays silent deserves a hint. */
  private Body fromPipe() {
    var read = new AtomicBoolean();
    CompletableFuture.delayedExecutor(SILENCE.toMillis(), TimeUnit.MILLISECONDS)
        .execute(
            () -> {
              if (!read.get()) {
                shell().say("reading the argument from standard input (-d '' gives none)");
              }
            });
    Body body = Body.stream(shell().in());
    read.set(true);
    return body;
  }

  private Body fromFile(String name) {
    return name.equals("-") ? Body.stream(shell().in()) : Body.file(Path.of(name));
  }

  private JsonNode schema(Remote remote, FunctionReference reference) {
    return remote
        .get("/v1/functions/" + Remote.escape(reference.name().value()))
        .path("inputSchema");
  }

  // ---- the request ----

  private void addHeaders(HttpRequest.Builder request) {
    priority.ifPresent(value -> request.header("X-Priority", checkedPriority(value)));
    timeout.ifPresent(
        text -> request.header("X-Timeout", Durations.format(duration("--timeout", text))));
    constraints.forEach(text -> request.header("X-Constraint", checkedConstraint(text)));
    state.ifPresent(id -> setHeader(request, "X-State", id));
    stateElse.ifPresent(otherwise -> setHeader(request, "X-State-Else", otherwise));
    callId.ifPresent(value -> setHeader(request, "X-Call-Id", value));
    if (!async) {
      waitLimit()
          .ifPresent(limit -> request.header("Prefer", "wait=" + Math.max(1, limit.toSeconds())));
    }
    for (String header : headers) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw CommandException.usage("--header takes NAME:VALUE, not '" + header + "'");
      }
      setHeader(request, header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
  }

  private static void setHeader(HttpRequest.Builder request, String name, String value) {
    try {
      request.setHeader(name, value);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("header " + name + " cannot be sent: " + e.getMessage());
    }
  }

  private static String checkedConstraint(String text) {
    try {
      return Constraint.parse(text).toString();
    } catch (IllegalArgumentException e) {
      throw CommandException.usage("--constraint: " + e.getMessage());
    }
  }

  private static String checkedPriority(int priority) {
    if (priority < -100 || priority > 100) {
      throw CommandException.usage("--priority is -100 to 100, not " + priority);
    }
    return Integer.toString(priority);
  }

  private Optional<Duration> waitLimit() {
    return waitFor.map(text -> duration("--wait-for", text));
  }

  static Duration duration(String flag, String text) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(flag + ": " + e.getMessage());
    }
  }

  private ExitCode printAccepted(String id) {
    JsonNode accepted = Json.object().put("id", id).put("function", function);
    printer().one(accepted, () -> shell().out().println(id));
    if (printer().forPeople() && shell().interactive(Stream.ERR)) {
      shell().say("next: fanfare result " + id);
    }
    return ExitCode.OK;
  }

  /** Reads a small JSON answer. */
  static JsonNode parse(byte[] bytes) {
    try {
      return Json.read(bytes);
    } catch (JsonProcessingException e) {
      throw CommandException.platform("the gateway's answer is not JSON: is it a Fanfare gateway?")
          .causedBy(e);
    }
  }
}
