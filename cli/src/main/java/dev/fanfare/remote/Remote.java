package dev.fanfare.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.context.Endpoint;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CancellationException;

/**
 * One platform over HTTP. Thread-safe; blocks, so meant for threads that may. Every failure is a
 * {@link CommandException} in words.
 */
public final class Remote implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  private final Endpoint endpoint;
  private final HttpClient client;
  private final Refusals refusals;
  private volatile String gateway;

  private Remote(Endpoint endpoint, HttpClient client) {
    this.endpoint = endpoint;
    this.client = client;
    this.refusals = new Refusals(endpoint);
    this.gateway = endpoint.url();
  }

  /** Opens no connection yet. */
  public static Remote of(Endpoint endpoint) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .connectTimeout(CONNECT_LIMIT)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (endpoint.url().startsWith("http:")) {
      builder.sslContext(NoTls.context());
    }
    return new Remote(endpoint, builder.build());
  }

  /** What it talks to. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** A part of a path or query, escaped. */
  public static String escape(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** A request with the endpoint's key; {@code path} begins with a slash and is escaped already. */
  public HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(gateway + path));
    endpoint.key().ifPresent(key -> request.header("Authorization", "Bearer " + key));
    return request;
  }

  public JsonNode get(String path) {
    return json(request(path).GET());
  }

  public JsonNode post(String path, JsonNode body) {
    return json(request(path).POST(publisher(body)).header("Content-Type", "application/json"));
  }

  public JsonNode put(String path, JsonNode body) {
    return json(request(path).PUT(publisher(body)).header("Content-Type", "application/json"));
  }

  public JsonNode delete(String path) {
    return json(request(path).DELETE());
  }

  /** Sends it and reads the answer as JSON; refusals are thrown. */
  public JsonNode json(HttpRequest.Builder request) {
    HttpResponse<byte[]> response = send(request);
    if (response.statusCode() >= 300) {
      throw refusals.of(problem(response));
    }
    try {
      return Json.read(response.body());
    } catch (JsonProcessingException e) {
      throw CommandException.platform(
          endpoint + " answered with something that is not JSON: is it a Fanfare gateway?");
    }
  }

  /** Sends it and hands over the answer, whatever its status. */
  public HttpResponse<byte[]> send(HttpRequest.Builder request) {
    return exchange(request, BodyHandlers.ofByteArray());
  }

  /**
   * Sends it and hands over the answer as it comes in, whatever its status; the caller closes the
   * stream.
   */
  public HttpResponse<InputStream> open(HttpRequest.Builder request) {
    return exchange(request, BodyHandlers.ofInputStream());
  }

  /** What an answer with an error status says. */
  public static Problem problem(HttpResponse<byte[]> response) {
    return Problem.read(response.statusCode(), response.headers(), response.body());
  }

  /** The exception that tells of a refusal. */
  public CommandException refusal(Problem problem) {
    return refusals.of(problem);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  /** Where a gateway cannot be connected to, the next one is asked, each once. */
  private <T> HttpResponse<T> exchange(
      HttpRequest.Builder request, HttpResponse.BodyHandler<T> handler) {
    String first = gateway;
    Iterator<String> others =
        endpoint.gateways().stream().filter(other -> !other.equals(first)).iterator();
    while (true) {
      String asked = gateway;
      try {
        return client.send(request.build(), handler);
      } catch (InterruptedException | CancellationException e) {
        Thread.currentThread().interrupt();
        throw CommandException.interrupted();
      } catch (ConnectException | HttpConnectTimeoutException e) {
        if (!others.hasNext()) {
          throw refusals.unreachable(e);
        }
        gateway = others.next();
        request.uri(URI.create(gateway + path(request, asked)));
      } catch (IOException e) {
        throw refusals.unreachable(e);
      }
    }
  }

  private static String path(HttpRequest.Builder request, String gateway) {
    return request.build().uri().toString().substring(gateway.length());
  }

  private static BodyPublisher publisher(JsonNode body) {
    return BodyPublishers.ofByteArray(Json.compact(body).getBytes(StandardCharsets.UTF_8));
  }
}
