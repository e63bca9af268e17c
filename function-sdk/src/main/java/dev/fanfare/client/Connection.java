package dev.fanfare.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/** Requests to one platform; each blocks its own thread. Thread-safe. */
final class Connection {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Endpoint endpoint;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();
  private final Map<Object, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
  private final Set<BurstFeed> bursts = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Connection(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** A request for a path of the platform, with the key. */
  HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(endpoint.url() + path));
    if (endpoint.key() != null) {
      request.header("Authorization", "Bearer " + endpoint.key());
    }
    return request;
  }

  /** Sends and waits; an interrupt breaks the connection off, so that the platform notices. */
  HttpResponse<byte[]> send(HttpRequest request) {
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(request, BodyHandlers.ofByteArray());
    var token = new Object();
    underWay.put(token, answer);
    try {
      if (closed) {
        answer.cancel(true);
      }
      return answer.get();
    } catch (InterruptedException e) {
      answer.cancel(true);
      throw Interrupted.restoringFlag(e);
    } catch (CancellationException e) {
      throw Interrupted.closed(e);
    } catch (ExecutionException e) {
      throw broken(e);
    } finally {
      underWay.remove(token);
    }
  }

  /**
   * Opens a WebSocket.
   *
   * @throws Refused if the platform answers with a problem instead
   * @throws Unreachable if it does not answer
   */
  void open(String path, CallOptions options, WebSocket.Listener listener) {
    URI url = URI.create(endpoint.url().toString().replaceFirst("(?i)^http", "ws") + path);
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT);
    if (endpoint.key() != null) {
      builder.header("Authorization", "Bearer " + endpoint.key());
    }
    options.headers(builder::header);
    try {
      builder.buildAsync(url, listener).get();
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException) {
        Answers.plain(send(request(path).GET().build()));
      }
      throw broken(e);
    }
  }

  /** Opens a body that is read as it comes. */
  InputStream stream(HttpRequest request) {
    try {
      HttpResponse<InputStream> answer = http.send(request, BodyHandlers.ofInputStream());
      if (answer.statusCode() != 200) {
        Answers.plain(send(request));
      }
      return answer.body();
    } catch (IOException e) {
      throw Unreachable.at(endpoint.url(), e);
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    }
  }

  /** What to throw when the platform is out of reach. */
  RuntimeException unreachable(Throwable cause) {
    return closed ? Interrupted.closed(cause) : Unreachable.at(endpoint.url(), cause);
  }

  /** Closing this closes that too. */
  void closesWith(BurstFeed feed) {
    bursts.add(feed);
    if (closed) {
      feed.close();
    }
  }

  void forget(BurstFeed feed) {
    bursts.remove(feed);
  }

  void close() {
    closed = true;
    bursts.forEach(BurstFeed::close);
    underWay.values().forEach(answer -> answer.cancel(true));
  }

  private RuntimeException broken(ExecutionException e) {
    Throwable cause = e.getCause();
    if (closed) {
      return Interrupted.closed(e);
    }
    if (cause instanceof IOException) {
      return Unreachable.at(endpoint.url(), cause);
    }
    return new IllegalStateException("the HTTP client failed", cause);
  }
}
