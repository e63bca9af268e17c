package dev.fanfare.demo;

import static dev.fanfare.output.Figures.bytes;
import static dev.fanfare.output.Figures.count;
import static dev.fanfare.output.Figures.seconds;
import static dev.fanfare.output.Figures.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Figures;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows a platform at work: deploys the examples, calls one, fans out two bursts, lets one fail,
 * reads the figures.
 */
public final class Demo {
  private static final int STACK_LINES = 3;

  private final Shell shell;
  private final Narrator narrator;
  private final Remote remote;

  /** A demonstration on the platform at the other end, with a key that allows deploying. */
  public Demo(Shell shell, Remote remote) {
    this.shell = shell;
    this.narrator = new Narrator(shell);
    this.remote = remote;
  }

  /**
   * Runs all of it.
   *
   * @param examples the jar
   * @param items how many the function's burst has
   */
  public void run(Path examples, int items) {
    deploy(examples);
    callOne();
    new FanOut(shell, narrator, remote).show(items);
    letOneFail();
    readFigures();
    readMetrics();
  }

  private void deploy(Path examples) {
    narrator.step("Deploy a jar of annotated functions");
    narrator.command("fanfare deploy " + examples.getFileName());
    long started = System.nanoTime();
    JsonNode deployment = upload(examples);
    List<String> names = new ArrayList<>();
    deployment.path("functions").forEach(function -> names.add(text(function.path("name"))));
    narrator.result(
        names.size()
            + " functions as revision "
            + Figures.revision(deployment.path("revision"))
            + " in "
            + seconds(secondsSince(started)));
    narrator.words(names);
  }

  private JsonNode upload(Path examples) {
    try {
      return remote.json(
          remote
              .request("/v1/functions")
              .header("Content-Type", "application/java-archive")
              .POST(BodyPublishers.ofFile(examples)));
    } catch (FileNotFoundException e) {
      throw CommandException.platform("cannot read " + examples).causedBy(e);
    }
  }

  private void callOne() {
    narrator.step("Call one over HTTP");
    String argument = "{\"name\": \"World\"}";
    String url = remote.endpoint().url() + "/function/hello";
    narrator.command("curl -H \"Authorization: Bearer $FANFARE_KEY\" -d '" + argument + "' " + url);
    long started = System.nanoTime();
    HttpResponse<byte[]> first = call("hello", argument);
    double cold = secondsSince(started);
    started = System.nanoTime();
    call("hello", argument);
    double warm = secondsSince(started);
    narrator.result(new String(first.body(), StandardCharsets.UTF_8));
    narrator.say(
        "the first call took "
            + seconds(cold)
            + ": a child process became the function's runtime; the next took "
            + seconds(warm));
  }

  private void letOneFail() {
    narrator.step("Let one fail");
    narrator.command("fanfare invoke fail");
    HttpResponse<byte[]> response = post("fail", "");
    Problem problem = Remote.problem(response);
    narrator.result(
        "HTTP " + response.statusCode() + ", " + problem.functionError().orElse(problem.code()));
    problem
        .body()
        .path("error")
        .path("stack")
        .asText("")
        .lines()
        .limit(STACK_LINES)
        .forEach(narrator::say);
  }

  private void readFigures() {
    narrator.step("Read the figures of one call");
    narrator.command("fanfare invocations --function collatz --limit 1 -o json");
    JsonNode call = remote.get("/invocations?function=collatz&limit=1").path("invocations").path(0);
    JsonNode figures = call.path("figures");
    narrator.say(
        "queue "
            + seconds(figures.path("queueSeconds"))
            + "  cold "
            + seconds(figures.path("coldSeconds"))
            + "  run "
            + seconds(figures.path("runSeconds"))
            + "  return "
            + seconds(figures.path("returnSeconds"))
            + "  total "
            + seconds(figures.path("totalSeconds")));
    narrator.say(
        "cpu "
            + seconds(figures.path("cpuSeconds"))
            + "  peak memory "
            + bytes(figures.path("peakMemoryBytes"))
            + "  in "
            + bytes(figures.path("bytesIn"))
            + "  out "
            + bytes(figures.path("bytesOut"))
            + "  attempt "
            + text(call.path("attempts"))
            + "  worker "
            + text(call.path("worker")));
  }

  private void readMetrics() {
    narrator.step("Read what the platform counted");
    narrator.command("curl " + remote.endpoint().url() + "/metrics");
    var counted = Counted.of(remote);
    narrator.say(
        "accepted "
            + count(counted.accepted())
            + " = succeeded "
            + count(counted.succeeded())
            + " + failed "
            + count(counted.failed())
            + " + waiting "
            + count(counted.waiting())
            + " + running "
            + count(counted.running()));
    narrator.say("cold starts " + count(counted.coldStarts()));
  }

  // ---- calling ----

  private HttpResponse<byte[]> call(String function, String argument) {
    HttpResponse<byte[]> response = post(function, argument);
    if (response.statusCode() != 200) {
      throw remote.refusal(Remote.problem(response));
    }
    return response;
  }

  private HttpResponse<byte[]> post(String function, String argument) {
    return remote.send(
        remote
            .request("/function/" + function)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(argument)));
  }

  private static double secondsSince(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
