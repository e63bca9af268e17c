package dev.fanfare.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.history.Event.Action;
import dev.fanfare.history.History.Operation;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Calls the recording function over HTTP and takes down what it was told. What has no answer is
 * INFO, what was refused or had no connection FAIL. Thread-safe; every method waits for its answer.
 */
public final class RecordingClient implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(20);

  /** Items of which nothing has been heard by then are lost, for all that the client knows. */
  private static final Executor AFTER_LONGEST_BURST =
      CompletableFuture.delayedExecutor(60, TimeUnit.SECONDS);

  private final History history;
  private final Supplier<URI> gateway;
  private final String key;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(10))
          .build();

  /**
   * A client that asks for a gateway before each request.
   *
   * @param key the API key
   */
  public RecordingClient(History history, Supplier<URI> gateway, String key) {
    this.history = history;
    this.gateway = gateway;
    this.key = key;
  }

  /** Submits asynchronously, under an idempotency key unless that is empty; the id if accepted. */
  public Optional<String> submit(String token, String body, String idempotencyKey) {
    var operation = history.begin(Action.SUBMIT, token, "", idempotencyKey);
    return told(operation, post("/async-function/", token, body, idempotencyKey))
        .filter(answer -> answer.statusCode() == 202)
        .map(answer -> Told.json(answer.body()).get("id").asText());
  }

  /** Calls and waits; whether there was an answer about an end. */
  public boolean call(String token, String body) {
    var operation = history.begin(Action.CALL, token, "", "");
    return told(operation, post("/function/", token, body, "")).isPresent();
  }

  /** Calls under a key and waits; whether there was an answer about an end. */
  public boolean callUnderKey(String token, String body, String idempotencyKey) {
    var operation = history.begin(Action.KEYED_CALL, token, "", idempotencyKey);
    return told(operation, post("/function/", token, body, idempotencyKey)).isPresent();
  }

  /** Cancels. */
  public void cancel(String id) {
    var operation = history.begin(Action.CANCEL, "", id, "");
    send(operation, request("/invocations/" + id).DELETE().build())
        .ifPresent(
            answer -> {
              switch (answer.statusCode()) {
                case 200 -> operation.ok(id, "CANCELLED", 0);
                case 404, 409 -> operation.fail(words(answer));
                default -> operation.info(id, words(answer));
              }
            });
  }

  /** Looks at the result, waiting for it so long. */
  public void read(String id, Duration wait) {
    var operation = history.begin(Action.READ, "", id, "");
    String path = "/invocations/" + id + "/result?wait=" + wait.toMillis() + "ms";
    send(operation, request(path).GET().build())
        .ifPresent(
            answer -> {
              Told told = Told.of(answer);
              if (!told.outcome().isEmpty() || answer.statusCode() == 202) {
                operation.ok(id, told.outcome(), told.fence());
              } else if (answer.statusCode() == 404) {
                operation.fail(words(answer));
              } else {
                operation.info(id, words(answer));
              }
            });
  }

  /** Sends all as one burst; items without a line are INFO. */
  public void burst(List<String> tokens, List<String> bodies) {
    List<Operation> items = new ArrayList<>();
    tokens.forEach(token -> items.add(history.begin(Action.ITEM, token, "", "")));
    var request =
        request("/function/" + RecordingFunction.NAME + "/batch")
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(String.join("\n", bodies) + "\n"))
            .build();
    try (var lines = http.send(request, BodyHandlers.ofLines()).body()) {
      var late = CompletableFuture.runAsync(lines::close, AFTER_LONGEST_BURST);
      lines.forEach(line -> item(items, Told.json(line)));
      late.cancel(false);
    } catch (ConnectException e) {
      items.forEach(item -> item.fail("no connection"));
      return;
    } catch (IOException | RuntimeException e) {
      items.stream().filter(Operation::isOpen).forEach(item -> item.info("", e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    items.stream().filter(Operation::isOpen).forEach(item -> item.info("", "no line"));
  }

  private static void item(List<Operation> items, JsonNode line) {
    if (line.has("index") && line.has("id")) {
      Told told = Told.ofItem(line);
      items
          .get(line.get("index").asInt())
          .ok(line.get("id").asText(), told.outcome(), told.fence());
    }
  }

  /** Takes down an answer about work; the answer, if the work is accepted or has ended. */
  private Optional<HttpResponse<String>> told(Operation operation, HttpRequest request) {
    return send(operation, request)
        .filter(
            answer -> {
              String id = answer.headers().firstValue("X-Invocation-Id").orElse("");
              Told told = Told.of(answer);
              if (!told.outcome().isEmpty()) {
                operation.ok(id, told.outcome(), told.fence());
                return true;
              }
              if (answer.statusCode() == 202) {
                operation.ok(Told.json(answer.body()).get("id").asText(), "", 0);
                return true;
              }
              if (answer.statusCode() >= 500 || answer.statusCode() == 409) {
                operation.info(id, words(answer));
              } else {
                operation.fail(words(answer));
              }
              return false;
            });
  }

  private Optional<HttpResponse<String>> send(Operation operation, HttpRequest request) {
    try {
      return Optional.of(http.send(request, BodyHandlers.ofString()));
    } catch (ConnectException e) {
      operation.fail("no connection");
    } catch (IOException e) {
      operation.info(operation.id(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      operation.info(operation.id(), "interrupted");
    }
    return Optional.empty();
  }

  private HttpRequest post(String path, String token, String body, String idempotencyKey) {
    var request =
        request(path + RecordingFunction.NAME)
            .header("Content-Type", "application/json")
            .header("X-Call-Id", token)
            .POST(BodyPublishers.ofString(body));
    if (!idempotencyKey.isEmpty()) {
      request.header("Idempotency-Key", idempotencyKey);
    }
    return request.build();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.get().resolve(path))
        .header("Authorization", "Bearer " + key)
        .timeout(LONGEST);
  }

  private static String words(HttpResponse<String> answer) {
    return answer.statusCode() + " " + answer.body();
  }

  @Override
  public void close() {
    http.close();
  }
}
