package dev.fanfare.blackbox;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Assumptions;

/** A PostgreSQL server of the test's own, reached at an address of the test's choice. */
final class Database implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final ServerSocket listening;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  private Database(EmbeddedPostgres server, ServerSocket listening) {
    this.server = server;
    this.listening = listening;
    Thread.startVirtualThread(this::accept);
  }

  /** Starts one; skips the test, with the reason, where it does not run. */
  static Database start(String address) {
    EmbeddedPostgres server = null;
    try {
      server = EmbeddedPostgres.builder().setPGStartupWait(Duration.ofMinutes(1)).start();
    } catch (IOException | RuntimeException e) {
      Assumptions.abort("PostgreSQL does not run here: " + e);
    }
    try {
      return new Database(server, new ServerSocket(0, 50, InetAddress.getByName(address)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL for {@code --ledger}. */
  String url(String password) {
    return "jdbc:postgresql://%s:%d/postgres?user=postgres&password=%s"
        .formatted(listening.getInetAddress().getHostAddress(), listening.getLocalPort(), password);
  }

  /** The one number that a query asks for. */
  long number(String query) {
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        sockets.addAll(List.of(client, behind));
        Thread.startVirtualThread(() -> carry(client, behind));
        Thread.startVirtualThread(() -> carry(behind, client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of them went
    }
  }

  @Override
  public void close() {
    try (server) {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
