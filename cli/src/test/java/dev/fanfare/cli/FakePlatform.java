package dev.fanfare.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A small HTTP server with answers to give, which keeps what it was asked. */
final class FakePlatform implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** What it says. */
  record Answer(int status, Map<String, String> headers, byte[] body) {}

  /** What it was asked. */
  record Request(String line, Map<String, String> headers, String body) {}

  private FakePlatform(HttpServer server) {
    this.server = server;
  }

  static FakePlatform start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var platform = new FakePlatform(server);
      server.createContext("/", platform::answer);
      server.start();
      return platform;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** {@code line} is method, path and query: {@code GET /v1/functions}. */
  FakePlatform on(String line, int status, String json) {
    return on(
        line,
        status,
        Map.of("Content-Type", "application/json"),
        json.getBytes(StandardCharsets.UTF_8));
  }

  FakePlatform on(String line, int status, Map<String, String> headers, byte[] body) {
    answers.put(line, new Answer(status, headers, body));
    return this;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  Request last() {
    return requests.getLast();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    Map<String, String> headers = new ConcurrentHashMap<>();
    exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    requests.add(
        new Request(
            line,
            headers,
            new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    Answer answer =
        answers.getOrDefault(
            line,
            new Answer(
                404,
                Map.of("Content-Type", "application/problem+json"),
                "{\"status\":404,\"detail\":\"there is no such thing\",\"code\":\"not-found\"}"
                    .getBytes(StandardCharsets.UTF_8)));
    answer
        .headers()
        .forEach(
            (name, value) ->
                exchange.getResponseHeaders().put(name, new ArrayList<>(List.of(value))));
    exchange.sendResponseHeaders(
        answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.close();
  }
}
