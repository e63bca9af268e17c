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
import org.jspecify.annotations.Nullable;

/** Requests to one platform; each blocks its own thread. Thread-safe. */
final class Connection {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final @Nullable String key;
  private final Gateways gateways;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT)
          .build();
  private final Map<Object, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
  private final Set<BurstFeed> bursts = ConcurrentHashMap.newKeySet();
  private final Set<ChannelLink> channels = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Connection(Endpoint endpoint) {
    this.key = endpoint.key();
    this.gateways = new Gateways(endpoint.urls());
  }

  /** A request for a path of the platform, with the key. */
  HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(URI.create(gateways.current() + path));
    if (key != null) {
      request.header("Authorization", "Bearer " + key);
    }
    return request;
  }

  /** The gateway that is asked at present. */
  URI gateway() {
    return gateways.current();
  }

  /** This gateway does not answer. */
  void leave(URI gateway) {
    gateways.leave(gateway);
  }

  /**
   * Sends and waits; an interrupt breaks the connection off, so that the platform notices. Where a
   * gateway cannot be connected to, the next one is asked.
   */
  HttpResponse<byte[]> send(HttpRequest request) {
    for (int left = gateways.count(); ; left--) {
      URI gateway = gateways.current();
      try {
        return sendTo(gateway, gateways.count() == 1 ? request : there(request));
      } catch (Unreachable e) {
        if (left <= 1 || !e.neverConnected()) {
          throw e;
        }
        gateways.leave(gateway);
      }
    }
  }

  private HttpRequest there(HttpRequest request) {
    return HttpRequest.newBuilder(request, (name, value) -> true)
        .uri(gateways.there(request.uri()))
        .build();
  }

  private HttpResponse<byte[]> sendTo(URI gateway, HttpRequest request) {
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
      throw broken(gateway, e);
    } finally {
      underWay.remove(token);
    }
  }

  /**
   * Opens a WebSocket at the first gateway that answers.
   *
   * @param protocol the subprotocol to ask for, empty for none
   * @return that gateway
   * @throws Refused if the platform answers with a problem instead
   * @throws Unreachable if none answers
   */
  URI open(String path, CallOptions options, String protocol, WebSocket.Listener listener) {
    for (int left = gateways.count(); ; left--) {
      URI gateway = gateways.current();
      try {
        open(gateway, path, options, protocol, listener);
        return gateway;
      } catch (Unreachable e) {
        if (left <= 1) {
          throw e;
        }
        gateways.leave(gateway);
      }
    }
  }

  private void open(
      URI gateway, String path, CallOptions options, String protocol, WebSocket.Listener listener) {
    URI url = URI.create(gateway.toString().replaceFirst("(?i)^http", "ws") + path);
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT);
    if (key != null) {
      builder.header("Authorization", "Bearer " + key);
    }
    if (!protocol.isEmpty()) {
      builder.subprotocols(protocol);
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
      throw broken(gateway, e);
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
      throw Unreachable.at(gateways.current(), e);
    } catch (InterruptedException e) {
      throw Interrupted.restoringFlag(e);
    }
  }

  /** What to throw when the platform is out of reach. */
  RuntimeException unreachable(Throwable cause) {
    return unreachable(gateways.current(), cause);
  }

  RuntimeException unreachable(URI gateway, Throwable cause) {
    return closed ? Interrupted.closed(cause) : Unreachable.at(gateway, cause);
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

  /** The same for a channel, which is broken off then. */
  void closesWith(ChannelLink channel) {
    channels.add(channel);
    if (closed) {
      channel.cancel();
    }
  }

  void forget(ChannelLink channel) {
    channels.remove(channel);
  }

  void close() {
    closed = true;
    channels.forEach(ChannelLink::cancel);
    bursts.forEach(BurstFeed::close);
    underWay.values().forEach(answer -> answer.cancel(true));
  }

  private RuntimeException broken(URI gateway, ExecutionException e) {
    Throwable cause = e.getCause();
    if (closed) {
      return Interrupted.closed(e);
    }
    if (cause instanceof IOException) {
      return Unreachable.at(gateway, cause);
    }
    return new IllegalStateException("the HTTP client failed", cause);
  }
}
