package dev.fanfare.command;

import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.net.http.HttpHeaders;
import java.util.Optional;
import java.util.StringJoiner;

/** Tells of a failed invocation: code, message, the remote stack, and where to look further. */
final class FailureReport {
  /** Its message is for the caller; the exception's class is the author's own business. */
  private static final String REJECTED = FailureCode.REJECTED.code();

  private final Shell shell;
  private final Style style;
  private final Remote remote;

  FailureReport(Shell shell, Remote remote) {
    this.shell = shell;
    this.style = shell.style(Stream.ERR);
    this.remote = remote;
  }

  void print(String subject, Problem problem, HttpHeaders headers) {
    Optional<String> id = problem.invocation().or(() -> headers.firstValue("X-Invocation-Id"));
    JsonNode error = error(problem, id);
    String code = problem.functionError().orElse(problem.code());
    shell.say(style.red(subject + " failed: " + code) + ": " + message(code, error, problem));
    for (String one : problem.problems()) {
      shell.say("  - " + one);
    }
    String stack = error.path("stack").asText("").strip();
    if (!stack.isEmpty()) {
      shell.say(style.dim(indented(stack)));
    }
    var where = new StringJoiner(", ", "  ", "");
    where.setEmptyValue("");
    headers.firstValue("X-Attempt").ifPresent(attempt -> where.add("attempt " + attempt));
    headers.firstValue("X-Worker").ifPresent(worker -> where.add("worker " + worker));
    id.ifPresent(text -> where.add("logs: fanfare logs " + text));
    if (where.length() > 2) {
      shell.say(style.dim(where.toString()));
    }
  }

  /** The error as the problem or the invocation's record tells it. */
  private JsonNode error(Problem problem, Optional<String> id) {
    JsonNode told = problem.body().path("error");
    if (told.isObject() || id.isEmpty()) {
      return told;
    }
    try {
      return remote.get("/invocations/" + Remote.escape(id.get())).path("error");
    } catch (CommandException e) {
      // The failure itself matters more than its details.
      return MissingNode.getInstance();
    }
  }

  private static String message(String code, JsonNode error, Problem problem) {
    String type = error.path("type").asText("");
    boolean thrown = !code.equals(REJECTED) && type.contains(".") && !type.startsWith("http");
    String message = error.has("message") ? text(error.path("message")) : problem.detail();
    return thrown && !message.startsWith(type) ? type + ": " + message : message;
  }

  private static String indented(String stack) {
    return "  " + stack.replace("\t", "  ").replace("\n", "\n  ");
  }
}
