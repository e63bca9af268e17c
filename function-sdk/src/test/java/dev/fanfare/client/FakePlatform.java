package dev.fanfare.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Gives prepared answers in order, and keeps what it was asked. */
final class FakePlatform implements AutoCloseable {
  static final String ID = "01hzzzzzzzzzzzzzzzzzzzzzzz";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  /** What a request carried. */
  record Asked(String line, Headers headers, byte[] body) {
    String text() {
      return new String(body, UTF_8);
    }

    String header(String name) {
      return String.valueOf(headers.getFirst(name));
    }
  }

  /** A prepared answer; headers are name, value, name, value… */
  record Answer(int status, String contentType, byte[] body, String... headers) {}

  FakePlatform() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::serve);
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  Fanfare client() {
    return Fanfare.connect(url(), "ff_test_secret");
  }

  FakePlatform answer(int status, String contentType, String body, String... headers) {
    return answer(status, contentType, body.getBytes(UTF_8), headers);
  }

  FakePlatform answer(int status, String contentType, byte[] body, String... headers) {
    answers.add(new Answer(status, contentType, body, headers));
    return this;
  }

  FakePlatform json(String body) {
    return answer(200, "application/json", body);
  }

  FakePlatform problem(int status, String code, String members, String... headers) {
    return answer(
        status,
        "application/problem+json",
        "{\"status\":%d,\"code\":\"%s\",\"detail\":\"because of %s\"%s}"
            .formatted(status, code, code, members),
        headers);
  }

  FakePlatform accepted() {
    return answer(202, "application/json", "{\"id\":\"" + ID + "\",\"state\":\"QUEUED\"}");
  }

  List<Asked> asked() {
    return asked;
  }

  Asked last() {
    return asked.get(asked.size() - 1);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  /** Without a prepared answer a request stays unanswered. */
  private void serve(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readAllBytes();
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(new Asked(line, exchange.getRequestHeaders(), body));
    Answer answer = answers.poll();
    if (answer == null) {
      return;
    }
    exchange.getResponseHeaders().set("Content-Type", answer.contentType);
    for (int i = 0; i < answer.headers.length; i += 2) {
      exchange.getResponseHeaders().set(answer.headers[i], answer.headers[i + 1]);
    }
    exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
    exchange.getResponseBody().write(answer.body);
    exchange.close();
  }
}
