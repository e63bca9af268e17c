package dev.fanfare.demo;

import static dev.fanfare.output.Figures.count;
import static dev.fanfare.output.Figures.seconds;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.client.Burst;
import dev.fanfare.client.Ended;
import dev.fanfare.client.Fanfare;
import dev.fanfare.client.FanfareException;
import dev.fanfare.output.Progress;
import dev.fanfare.output.Table;
import dev.fanfare.remote.Json;
import dev.fanfare.remote.Remote;
import dev.fanfare.terminal.CommandException;
import dev.fanfare.terminal.Shell;
import java.net.URI;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Two bursts: of a deployed function, and of a lambda that was never deployed. */
final class FanOut {
  private static final long NUMBERS_PER_ITEM = 100;
  private static final int LAMBDA_ITEMS = 100_000;

  private final Shell shell;
  private final Narrator narrator;
  private final Remote remote;

  FanOut(Shell shell, Narrator narrator, Remote remote) {
    this.shell = shell;
    this.narrator = narrator;
    this.remote = remote;
  }

  /** Shows both. */
  void show(int items) {
    String key = remote.endpoint().key().orElse("");
    try (var fanfare = Fanfare.connect(URI.create(remote.endpoint().url()), key)) {
      ofFunction(fanfare, items);
      ofLambda(fanfare);
    } catch (FanfareException e) {
      throw CommandException.platform(String.valueOf(e.getMessage())).causedBy(e);
    }
  }

  private void ofFunction(Fanfare fanfare, int items) {
    narrator.step("Fan out a function");
    narrator.say(
        "the longest Collatz chain that starts at 1 to "
            + count(items * NUMBERS_PER_ITEM)
            + ", cut into "
            + count(items)
            + " items");
    narrator.command("fanfare map collatz --items ranges.ndjson");
    var longest = new Longest();
    Stream<JsonNode> ranges = IntStream.range(0, items).mapToObj(FanOut::range);
    try (var burst = fanfare.function("collatz", JsonNode.class).map(ranges)) {
      double seconds = follow("collatz", burst, items, (index, result) -> longest.see(result));
      narrator.result(longest.toString());
      tell(items, seconds);
      times(remote.get("/v1/bursts/" + burst.id()));
    }
  }

  private void ofLambda(Fanfare fanfare) {
    narrator.step("Fan out a lambda, without a deploy");
    narrator.say("in Java: fanfare.map(range(0, 100_000), n -> Integer.bitCount(n))");
    long[] bits = {0};
    try (Burst<Integer> burst =
        fanfare.map(IntStream.range(0, LAMBDA_ITEMS), n -> Integer.bitCount(n))) {
      double seconds = follow("lambda", burst, LAMBDA_ITEMS, (index, some) -> bits[0] += some);
      narrator.result("the numbers up to 100,000 have " + count(bits[0]) + " bits set");
      tell(LAMBDA_ITEMS, seconds);
      narrator.say(
          "tiny items share an invocation: " + count(burst.progress().chunk()) + " of these did");
    }
  }

  private <R> double follow(String task, Burst<R> burst, int items, BiConsumer<Long, R> each) {
    long began = System.nanoTime();
    try (Progress progress = Progress.start(shell, "   " + task, items);
        Stream<Ended<R>> results = burst.asCompleted()) {
      results.forEach(
          ended -> {
            progress.step();
            switch (ended) {
              case Ended.Value<R>(long index, R value) -> each.accept(index, value);
              case Ended.Failed<R> failed -> throw failed.failure();
            }
          });
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private void tell(int items, double seconds) {
    narrator.say(
        count(items)
            + " items in "
            + seconds(seconds)
            + ": "
            + count(Math.round(items / seconds))
            + " items/s, each result exactly once");
  }

  private void times(JsonNode burst) {
    narrator.gap();
    Table table = new Table("   TIME OF AN ITEM", ">p50", ">p95", ">p99");
    row(table, "   on the platform", burst.path("total"));
    row(table, "   in the queue", burst.path("queue"));
    row(table, "   on the worker", burst.path("run"));
    narrator.table(table);
  }

  private static void row(Table table, String name, JsonNode times) {
    table.row(
        name, seconds(times.path("p50")), seconds(times.path("p95")), seconds(times.path("p99")));
  }

  private static JsonNode range(int item) {
    long from = item * NUMBERS_PER_ITEM + 1;
    return Json.object().put("from", from).put("to", from + NUMBERS_PER_ITEM - 1);
  }
}
