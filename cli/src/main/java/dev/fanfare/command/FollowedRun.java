package dev.fanfare.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Submits an invocation, writes what it writes, and ends as it ends. */
final class FollowedRun {
  private static final Duration NO_WORKER = Duration.ofSeconds(3);
  private static final Pattern EXIT_CODE = Pattern.compile("exit code (\\d+)");

  private final Remote remote;
  private final Fanfare fanfare;
  private final Shell shell;
  private final String subject;
  private volatile String why = "";

  /**
   * @param subject what is told of, for example a file's name
   */
  FollowedRun(Remote remote, Fanfare fanfare, String subject) {
    this.remote = remote;
    this.fanfare = fanfare;
    this.shell = fanfare.shell();
    this.subject = subject;
  }

  /** The exit code to end with; an interrupt of this process cancels the invocation. */
  int follow(HttpRequest.Builder request) {
    var results = new ResultReader(remote, fanfare, subject, Optional.empty());
    String id = results.accepted(remote.open(request));
    var cancel = new Thread(() -> cancel(id), "fanfare-cancel");
    Runtime.getRuntime().addShutdownHook(cancel);
    Thread.ofVirtual().start(() -> giveUpWithoutWorker(id));
    try {
      copyOutput(id, shell.out());
      HttpResponse<InputStream> result = result(id);
      if (!why.isEmpty()) {
        throw CommandException.platform(why);
      }
      return result.statusCode() < 300 ? ExitCode.OK.number() : failed(result);
    } finally {
      Runtime.getRuntime().removeShutdownHook(cancel);
    }
  }

  /** Writes what an invocation prints, all of it to standard error, until it has ended. */
  void copyPrinted(String id) {
    try {
      copyOutput(id, shell.err());
    } catch (CommandException e) {
      shell.say(subject + ": " + e.getMessage());
    }
  }

  /** The exit code to end with for one that failed, which is told of behind what it printed. */
  int exitCode(String id, Thread printed) throws InterruptedException {
    HttpResponse<InputStream> result = result(id);
    printed.join();
    return result.statusCode() < 300 ? ExitCode.OK.number() : failed(result);
  }

  /** What no worker could run after this time is not waited for. */
  private void giveUpWithoutWorker(String id) {
    try {
      Thread.sleep(NO_WORKER);
      String found = remote.get("/invocations/" + Remote.escape(id)).path("why").asText("");
      if (!found.isEmpty()) {
        why = found;
        cancel(id);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (CommandException e) {
      // the one who waits for the result is told what is wrong
    }
  }

  private void cancel(String id) {
    try {
      remote.delete("/invocations/" + Remote.escape(id));
    } catch (CommandException e) {
      shell.say(id + " could not be cancelled: " + e.getMessage());
    }
  }

  private void copyOutput(String id, PrintStream out) {
    HttpResponse<InputStream> response =
        remote.open(
            remote.request("/invocations/" + Remote.escape(id) + "/logs?follow=true").GET());
    try (InputStream body = response.body()) {
      if (response.statusCode() >= 300) {
        throw remote.refusal(
            Problem.read(response.statusCode(), response.headers(), body.readAllBytes()));
      }
      var lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          print(Json.read(line), out);
        }
      }
    } catch (IOException e) {
      throw CommandException.platform("its output broke off: " + e.getMessage()).causedBy(e);
    }
  }

  private void print(JsonNode line, PrintStream out) {
    PrintStream stream = line.path("source").asText().equals("out") ? out : shell.err();
    stream.println(line.path("text").asText());
    stream.flush();
  }

  private HttpResponse<InputStream> result(String id) {
    while (true) {
      HttpResponse<InputStream> response =
          remote.open(
              remote.request("/invocations/" + Remote.escape(id) + "/result?wait=25s").GET());
      if (response.statusCode() != 202) {
        return response;
      }
    }
  }

  private int failed(HttpResponse<InputStream> response) {
    Problem problem = problem(response);
    CommandException refusal = remote.refusal(problem);
    if (problem.functionError().isEmpty()) {
      throw refusal;
    }
    JsonNode error = problem.body().path("error");
    Matcher exited = EXIT_CODE.matcher(error.path("message").asText());
    if (error.path("type").asText().equals("System.exit") && exited.find()) {
      return Integer.parseInt(exited.group(1));
    }
    if (error.path("type").asText().equals("compile-error")) {
      shell.say(error.path("message").asText());
      return ExitCode.FUNCTION_FAILED.number();
    }
    new FailureReport(shell, remote).print(subject, problem, response.headers());
    return refusal.exitCode().number();
  }

  private static Problem problem(HttpResponse<InputStream> response) {
    try (InputStream body = response.body()) {
      return Problem.read(response.statusCode(), response.headers(), body.readAllBytes());
    } catch (IOException e) {
      throw CommandException.platform("the answer broke off: " + e.getMessage()).causedBy(e);
    }
  }
}
