package dev.fanfare.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.client.Ended.Failed;
import dev.fanfare.client.Ended.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A burst's results, read one after the other as they come. For one thread at a time. */
final class ReadResults<R> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Connection connection;
  private final BurstFeed feed;
  private final Reading<R> reading;
  private final ArrayDeque<RawResult> taken = new ArrayDeque<>();
  private boolean exhausted;

  ReadResults(Connection connection, BurstFeed feed, Reading<R> reading) {
    this.connection = connection;
    this.feed = feed;
    this.reading = reading;
  }

  /**
   * Waits until there is one, or no more will come; false if neither is so after this time.
   *
   * @param longest null for as long as it takes
   */
  boolean await(@Nullable Duration longest) {
    if (taken.isEmpty() && !exhausted) {
      List<RawResult> more = feed.take(longest);
      if (more == null) {
        return false;
      }
      exhausted = more.isEmpty();
      taken.addAll(more);
    }
    return true;
  }

  /** The next one; null if there are no more. To be called after {@link #await}. */
  @Nullable Ended<R> next() {
    RawResult result = taken.poll();
    return result == null ? null : ended(result);
  }

  private Ended<R> ended(RawResult result) {
    try {
      return switch (result.kind()) {
        case JSON -> new Value<>(result.index(), reading.read(result.content(), Bodies.JSON));
        case TEXT ->
            new Value<>(
                result.index(), reading.read(result.content(), "text/plain; charset=utf-8"));
        case BYTES, DONE ->
            new Value<>(result.index(), reading.read(result.content(), "application/octet-stream"));
        case ELSEWHERE -> new Value<>(result.index(), fetched(result));
        case FAILED -> new Failed<>(result.index(), FailedItem.read(result.content()));
      };
    } catch (Interrupted | Unreachable e) {
      throw e;
    } catch (RuntimeException e) {
      return new Failed<>(result.index(), FailedItem.unreadable(e));
    }
  }

  private R fetched(RawResult result) {
    JsonNode json;
    try {
      json = JSON.readTree(result.content());
    } catch (IOException e) {
      throw new BadAnswer("a result's place is no JSON", e);
    }
    String path = "/invocations/" + json.path("id").asText() + "/result";
    var answer = Answers.result(connection.send(connection.request(path).GET().build()));
    return reading.read(
        answer.body(), answer.headers().firstValue("Content-Type").orElse(Bodies.JSON));
  }
}
