package dev.fanfare.demo;

import static dev.fanfare.output.Figures.seconds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.output.Figures;
import dev.fanfare.output.Progress;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Problem;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import dev.fanfare.terminal.Style;
import java.io.FileNotFoundException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Shows a platform at work: deploys the examples, calls one, sends a burst, lets one fail, reads
 * the figures.
 */
public final class Demo {
  private static final long NUMBERS_PER_ITEM = 5_000;

  private final Shell shell;
  private final Style style;
  private final Remote remote;
  private int step;

  /**
   * A demonstration on the platform that the connection leads to, whose key must allow deploying.
   */
  public Demo(Shell shell, Remote remote) {
    this.shell = shell;
    this.style = shell.style(Stream.OUT);
    this.remote = remote;
  }

  /**
   * Runs all of it.
   *
   * @param items how many calls the burst has
   */
  public void run(Path examples, int items) {
    deploy(examples);
    callOne();
    sendBurst(items);
    letOneFail();
    showFigures();
  }

  private void deploy(Path examples) {
    heading("Deploy a jar of annotated functions");
    command("fanfare deploy " + examples.getFileName());
    long started = System.nanoTime();
    JsonNode deployment;
    try {
      deployment =
          remote.json(
              remote
                  .request("/v1/functions")
                  .header("Content-Type", "application/java-archive")
                  .POST(BodyPublishers.ofFile(examples)));
    } catch (FileNotFoundException e) {
      throw CommandException.platform("cannot read " + examples).causedBy(e);
    }
    List<String> names = new ArrayList<>();
    deployment.path("functions").forEach(function -> names.add(function.path("name").asText()));
    say(
        names.size()
            + " functions as revision "
            + Figures.revision(deployment.path("revision"))
            + " in "
            + seconds(secondsSince(started))
            + ": "
            + String.join(" ", names));
  }

  private void callOne() {
    heading("Call one over HTTP");
    String argument = "{\"name\": \"World\"}";
    command(
        "curl -H \"Authorization: Bearer $FANFARE_KEY\" -d '"
            + argument
            + "' "
            + remote.endpoint().url()
            + "/function/hello");
    long started = System.nanoTime();
    HttpResponse<byte[]> first = call("hello", argument);
    double cold = secondsSince(started);
    started = System.nanoTime();
    call("hello", argument);
    double warm = secondsSince(started);
    say(style.bold(new String(first.body(), StandardCharsets.UTF_8)));
    say(
        "the first call took "
            + seconds(cold)
            + ", a child process became the function's runtime; the second took "
            + seconds(warm));
  }

  private void sendBurst(int items) {
    var burst = new Burst(remote, "collatz");
    heading("Send a burst");
    say(
        String.format(
            Locale.ROOT,
            "the longest Collatz chain that starts below %,d, cut into %,d calls, %d in flight",
            items * NUMBERS_PER_ITEM + 1,
            items,
            burst.inFlight()));
    var longest = new Longest();
    try (Progress progress = Progress.start(shell, "   collatz", items)) {
      burst.run(items, Demo::range, longest::see, progress);
    }
    say(style.bold(longest.toString()));
    say(
        String.format(
            Locale.ROOT,
            "%,d calls in %s: %,.0f calls/s, %d failed, run by %s",
            items,
            seconds(burst.seconds()),
            items / burst.seconds(),
            burst.failed(),
            burst.workers()));
    Table table = new Table("   TIME", ">p50", ">p95", ">p99");
    burst.whole().row(table, "   whole call");
    burst.queued().row(table, "   in the queue");
    burst.attempts().row(table, "   on the worker");
    shell.out().println();
    table.print(shell.out(), style);
  }

  private void letOneFail() {
    heading("Let one fail");
    command("fanfare invoke fail");
    HttpResponse<byte[]> response = post("fail", "");
    Problem problem = Remote.problem(response);
    say(
        "HTTP "
            + response.statusCode()
            + ", code "
            + problem.functionError().orElse(problem.code()));
    problem.body().path("error").path("stack").asText("").lines().limit(3).forEach(this::say);
  }

  private void showFigures() {
    heading("Read the figures of that call");
    JsonNode newest =
        remote.get("/invocations?function=collatz&limit=1").path("invocations").path(0);
    command("fanfare invocations --function collatz --limit 1 -o json");
    newest.path("figures").properties().stream()
        .map(figure -> figure.getKey() + " " + figure.getValue().asText())
        .reduce((a, b) -> a + "  " + b)
        .ifPresent(this::say);
    say(
        "attempts "
            + newest.path("attempts").asText()
            + "  worker "
            + Figures.text(newest.path("worker")));
  }

  // ---- telling ----

  private void heading(String text) {
    step++;
    shell.out().println();
    shell.out().println(style.bold(step + "  " + text));
  }

  private void command(String text) {
    say(style.cyan("$ " + text));
  }

  private void say(String text) {
    shell.out().println("   " + text);
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

  private static String range(int item) {
    long from = item * NUMBERS_PER_ITEM + 1;
    return Json.object().put("from", from).put("to", from + NUMBERS_PER_ITEM - 1).toString();
  }

  private static double secondsSince(long started) {
    return (System.nanoTime() - started) / 1e9;
  }
}
