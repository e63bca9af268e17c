package dev.fanfare.remote;

import dev.fanfare.context.Endpoint;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.terminal.CommandException;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Puts into words, and into an exit code, why the platform did not do it. */
final class Refusals {
  private final Endpoint endpoint;

  Refusals(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** The platform answered, with a problem. */
  CommandException of(Problem problem) {
    if (problem.functionError().isPresent()) {
      return ofFunction(problem, problem.functionError().get());
    }
    return switch (problem.status()) {
      case 401 -> keyRefused(problem);
      case 403 ->
          CommandException.platform(problem.detail())
              .advise("use a context whose key may do this: fanfare context list");
      case 404 -> CommandException.notFound(problem.detail());
      case 400, 409, 413, 415, 422 -> CommandException.platform(withProblems(problem));
      default -> CommandException.platform(problem.detail());
    };
  }

  /** Nothing, or nothing that speaks HTTP, answered. */
  CommandException unreachable(IOException cause) {
    String where = endpoint.toString();
    CommandException told =
        switch (cause) {
          case HttpConnectTimeoutException e ->
              CommandException.platform("no answer from " + where + " within 5 s")
                  .advise("check the address and that nothing filters the port");
          case ConnectException e when e.getCause() instanceof UnresolvedAddressException ->
              CommandException.platform("unknown host in " + where)
                  .advise("check the URL for typing errors");
          case ConnectException e ->
              CommandException.platform("nothing listens at " + where)
                  .advise(
                      "start a platform with: fanfare up, or choose another: fanfare context use"
                          + " NAME");
          case SSLException e ->
              CommandException.platform("no TLS connection to " + where + ": " + e.getMessage())
                  .advise("does the gateway speak https, and is its certificate trusted?");
          case EOFException e -> broken(where);
          default ->
              String.valueOf(cause.getMessage()).contains("received no bytes")
                  ? broken(where)
                  : CommandException.platform(
                      "the connection to " + where + " failed: " + cause.getMessage());
        };
    return told.causedBy(cause);
  }

  private static CommandException broken(String where) {
    return CommandException.platform(
            "the connection to " + where + " was closed before the answer came")
        .advise("it may be restarting; what was submitted may or may not run");
  }

  private CommandException keyRefused(Problem problem) {
    String what =
        endpoint.key().isPresent()
            ? "the key of " + endpoint.keySource() + " is not valid at " + endpoint.url()
            : "no key for " + endpoint;
    return CommandException.platform(what + " (" + problem.detail() + ")")
        .advise(
            "on the platform's machine `fanfare up` renews the context 'local'; else: fanfare"
                + " context add NAME --url URL --key KEY");
  }

  private static CommandException ofFunction(Problem problem, String code) {
    String message = code + ": " + withProblems(problem);
    return originOf(code) == FailureCode.Origin.USER
        ? CommandException.functionFailed(message)
        : CommandException.platform(message);
  }

  private static FailureCode.Origin originOf(String code) {
    try {
      return FailureCode.parse(code).origin();
    } catch (IllegalArgumentException e) {
      return FailureCode.Origin.USER;
    }
  }

  private static String withProblems(Problem problem) {
    var text = new StringBuilder(problem.detail());
    for (String one : problem.problems()) {
      text.append("\n  - ").append(one);
    }
    return text.toString();
  }
}
