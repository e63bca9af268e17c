package dev.fanfare.command;

import static dev.fanfare.output.Figures.seconds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.StringJoiner;

/** Reads the answers about one invocation: its result to standard output, its failure in words. */
final class ResultReader {
  /** One poll of a waiting client; shorter than what proxies allow. */
  private static final Duration POLL = Duration.ofSeconds(25);

  /** The first one is short, to tell soon why nothing comes. */
  private static final Duration FIRST_POLL = Duration.ofSeconds(3);

  private static final int OK_BELOW = 300;
  private static final int STILL_RUNNING = 202;

  private final Remote remote;
  private final Fanfare fanfare;
  private final String subject;
  private final Optional<Path> out;

  /**
   * A reader.
   *
   * @param subject what is told of: a function's name or an invocation's id
   * @param out file for the result instead of standard output
   */
  ResultReader(Remote remote, Fanfare fanfare, String subject, Optional<Path> out) {
    this.remote = remote;
    this.fanfare = fanfare;
    this.subject = subject;
    this.out = out;
  }

  /** Writes the result of a call that was waited for, or tells where it stands. */
  ExitCode read(HttpResponse<InputStream> response) {
    if (response.statusCode() == STILL_RUNNING) {
      return tellUnfinished(InvokeCommand.parse(bytes(response)));
    }
    if (response.statusCode() >= OK_BELOW) {
      return tellFailure(response);
    }
    new ResultWriter(shell(), out).write(response.headers(), response.body());
    tellFigures(response.headers(), "succeeded");
    return ExitCode.OK;
  }

  /** The id of an invocation that was accepted to run later. */
  String accepted(HttpResponse<InputStream> response) {
    if (response.statusCode() >= OK_BELOW) {
      throw remote.refusal(problem(response));
    }
    return InvokeCommand.parse(bytes(response)).path("id").asText();
  }

  /**
   * Asks for the result until it is there or the time is over; without a limit, until it ends. Who
   * waits for long is told what for.
   */
  ExitCode await(String id, Optional<Duration> limit) {
    long started = System.nanoTime();
    String told = "";
    for (Duration poll = FIRST_POLL; ; poll = POLL) {
      Duration spent = Duration.ofNanos(System.nanoTime() - started);
      Duration left = limit.map(all -> all.minus(spent)).orElse(poll);
      boolean last = limit.isPresent() && left.compareTo(poll) <= 0;
      HttpResponse<InputStream> response = ask(id, last ? left : poll);
      if (last || response.statusCode() != STILL_RUNNING) {
        return read(response);
      }
      told = tellWaiting(id, InvokeCommand.parse(bytes(response)), told);
    }
  }

  /** Asks once; waits no longer than told. */
  private HttpResponse<InputStream> ask(String id, Duration wait) {
    String query = wait.isPositive() ? "?wait=" + wait.plusMillis(999).toSeconds() + "s" : "";
    return remote.open(
        remote.request("/invocations/" + Remote.escape(id) + "/result" + query).GET());
  }

  private String tellWaiting(String id, JsonNode invocation, String told) {
    String now = InvocationTable.state(invocation) + why(invocation);
    if (!now.equals(told)) {
      shell().say("waiting for " + id + ", which is " + now);
    }
    return now;
  }

  private ExitCode tellUnfinished(JsonNode invocation) {
    String id = invocation.path("id").asText(subject);
    shell().say(id + " is " + InvocationTable.state(invocation) + why(invocation));
    shell().say("next: fanfare result " + id);
    return ExitCode.PLATFORM;
  }

  private static String why(JsonNode invocation) {
    JsonNode why = invocation.path("why");
    return why.isTextual() ? ": " + why.textValue() : "";
  }

  private ExitCode tellFailure(HttpResponse<InputStream> response) {
    Problem problem = problem(response);
    tellFigures(response.headers(), "failed");
    CommandException refusal = remote.refusal(problem);
    if (problem.functionError().isEmpty()) {
      throw refusal;
    }
    var report = new FailureReport(shell(), remote);
    report.print(subject, problem, response.headers());
    return refusal.exitCode();
  }

  private void tellFigures(HttpHeaders headers, String how) {
    if (!fanfare.verbose()) {
      return;
    }
    var figures = new StringJoiner(", ", how + ": ", "");
    add(figures, "took ", headers.firstValue("X-Duration-Seconds").map(ResultReader::duration));
    add(figures, "queued ", headers.firstValue("X-Queue-Seconds").map(ResultReader::duration));
    add(figures, "attempt ", headers.firstValue("X-Attempt"));
    add(figures, "worker ", headers.firstValue("X-Worker"));
    add(
        figures,
        "revision ",
        headers
            .firstValue("X-Executed-Revision")
            .map(hex -> hex.substring(0, Math.min(12, hex.length()))));
    Optional<String> id = headers.firstValue("X-Invocation-Id");
    add(figures, "invocation ", id);
    add(
        figures,
        "call id ",
        headers.firstValue("X-Call-Id").filter(own -> !Optional.of(own).equals(id)));
    if (id.isPresent()) {
      shell().say(figures.toString());
    }
  }

  private static void add(StringJoiner figures, String name, Optional<String> value) {
    value.ifPresent(text -> figures.add(name + text));
  }

  private static String duration(String text) {
    try {
      return seconds(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      return text + " s";
    }
  }

  private static Problem problem(HttpResponse<InputStream> response) {
    return Problem.read(response.statusCode(), response.headers(), bytes(response));
  }

  private static byte[] bytes(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return body.readAllBytes();
    } catch (IOException e) {
      throw CommandException.platform("the answer broke off: " + e.getMessage()).causedBy(e);
    }
  }

  private Shell shell() {
    return fanfare.shell();
  }
}
