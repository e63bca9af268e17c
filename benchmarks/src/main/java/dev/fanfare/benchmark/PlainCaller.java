package dev.fanfare.benchmark;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Calls one URL again and again over one connection, each call when the one before is answered, and
 * takes the time of each. Unlike {@link Wrk} it invents no calls for those that would have been
 * made meanwhile at a steady rate: a slow call counts once.
 */
final class PlainCaller {
  private static final int MOST_CALLS = 2_000_000;

  private PlainCaller() {}

  /** Times in milliseconds, in rising order. */
  static double[] call(URI url, String key, int seconds) throws IOException {
    byte[] request =
        """
        POST %s HTTP/1.1\r
        Host: %s\r
        Authorization: Bearer %s\r
        Content-Type: application/json\r
        Content-Length: 7\r
        \r
        "hello\"\
        """
            .formatted(url.getPath(), url.getAuthority(), key)
            .getBytes(StandardCharsets.US_ASCII);
    double[] millis = new double[MOST_CALLS];
    int count = 0;
    try (var socket = new Socket(url.getHost(), url.getPort())) {
      socket.setTcpNoDelay(true);
      var in = new BufferedInputStream(socket.getInputStream());
      long end = System.nanoTime() + seconds * 1_000_000_000L;
      for (long began = System.nanoTime();
          began < end && count < MOST_CALLS;
          began = System.nanoTime()) {
        socket.getOutputStream().write(request);
        readAnswer(in);
        millis[count++] = (System.nanoTime() - began) / 1e6;
      }
    }
    double[] taken = Arrays.copyOf(millis, count);
    Arrays.sort(taken);
    return taken;
  }

  private static void readAnswer(InputStream in) throws IOException {
    String status = line(in);
    if (!status.startsWith("HTTP/1.1 200")) {
      throw new IOException("answered with " + status);
    }
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(header.indexOf(':') + 1).strip());
      }
    }
    in.skipNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder(64);
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the connection was closed in the middle of an answer");
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }
}
