package dev.fanfare.health;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A program that asks a URL and ends with 0 if the answer is 200, for images that have no shell:
 * {@code java -cp … dev.fanfare.health.HealthProbe http://127.0.0.1:8080/readyz}. It loads little,
 * since engines start it every few seconds.
 */
public final class HealthProbe {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int ANSWER_MILLIS = 5_000;

  private HealthProbe() {}

  public static void main(String... arguments) {
    System.exit(arguments.length == 1 && isWell(URI.create(arguments[0])) ? 0 : 1);
  }

  /** Whether the answer is 200. */
  static boolean isWell(URI url) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(url.getHost(), url.getPort()), CONNECT_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      String request =
          "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
              .formatted(url.getPath(), url.getHost());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      var answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String status = answer.readLine();
      return status != null && status.startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }
}
