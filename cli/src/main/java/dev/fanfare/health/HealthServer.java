package dev.fanfare.health;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fanfare.terminal.CommandException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /healthz} with 200 while the process lives, {@code /readyz} with 200 while it is
 * of use, else 503: for processes that answer no other HTTP.
 */
public final class HealthServer implements AutoCloseable {
  private final @Nullable HttpServer server;

  private HealthServer(@Nullable HttpServer server) {
    this.server = server;
  }

  /** One that was not asked for. */
  public static HealthServer none() {
    return new HealthServer(null);
  }

  /** One that listens there until it is closed. */
  public static HealthServer listen(InetSocketAddress address, BooleanSupplier ready) {
    try {
      HttpServer server = HttpServer.create(address, 0);
      server.createContext("/healthz", exchange -> answer(exchange, true));
      server.createContext("/readyz", exchange -> answer(exchange, ready.getAsBoolean()));
      server.start();
      return new HealthServer(server);
    } catch (IOException e) {
      throw CommandException.platform(
              "cannot answer questions for health at " + address + ": " + e.getMessage())
          .advise("choose another place with --health [ADDRESS:]PORT")
          .causedBy(e);
    }
  }

  /** The port it got, 0 for none. */
  public int port() {
    return server == null ? 0 : server.getAddress().getPort();
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }

  private static void answer(HttpExchange exchange, boolean well) throws IOException {
    try (exchange) {
      byte[] words = (well ? "ready\n" : "not ready\n").getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(well ? 200 : 503, words.length);
      exchange.getResponseBody().write(words);
    }
  }
}
