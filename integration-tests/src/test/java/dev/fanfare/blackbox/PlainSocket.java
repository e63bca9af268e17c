package dev.fanfare.blackbox;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that knows nothing of Fanfare. */
final class PlainSocket implements WebSocket.Listener, AutoCloseable {
  final List<String> heard = new CopyOnWriteArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final StringBuilder text = new StringBuilder();
  private final WebSocket socket;

  private PlainSocket(Platform platform, String path) {
    URI url = URI.create(platform.url().toString().replaceFirst("^http", "ws") + path);
    socket =
        http.newWebSocketBuilder()
            .header("Authorization", "Bearer " + platform.key())
            .buildAsync(url, this)
            .join();
  }

  static PlainSocket open(Platform platform, String path) {
    return new PlainSocket(platform, path);
  }

  void send(String message) {
    socket.sendText(message, true).join();
  }

  void awaitClose() {
    Awaitility.await("the socket closes")
        .atMost(Duration.ofSeconds(60))
        .until(() -> heard.stream().anyMatch(line -> line.startsWith("closed ")));
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    text.append(data);
    if (last) {
      heard.add(text.toString());
      text.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
    heard.add("closed " + status + " " + reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    heard.add("closed " + error);
  }

  @Override
  public void close() {
    socket.abort();
    http.close();
  }
}
