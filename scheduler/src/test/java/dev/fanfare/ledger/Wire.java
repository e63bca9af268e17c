package dev.fanfare.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Phaser;

/** A way to a server that can fall silent: what is sent then stays on the way. */
final class Wire implements AutoCloseable {
  private final ServerSocket listening;
  private final int server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile boolean silent;
  private final Phaser spoken = new Phaser(1);
  private volatile String watchedFor = "";
  private volatile boolean losing;

  Wire(int server) {
    this.server = server;
    try {
      listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  void fallSilent() {
    silent = true;
  }

  void speak() {
    silent = false;
    spoken.arrive();
  }

  /** Breaks when the answer to the next commit of a transaction with this text is on the way. */
  void loseCommitOf(String text) {
    watchedFor = text;
  }

  private void watch(String sent) {
    if (!watchedFor.isEmpty() && sent.contains(watchedFor)) {
      watchedFor = watchedFor.equals("COMMIT") ? "" : "COMMIT";
      losing = watchedFor.isEmpty();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server);
        sockets.addAll(List.of(client, behind));
        Thread.startVirtualThread(() -> carry(client, behind, true));
        Thread.startVirtualThread(() -> carry(behind, client, false));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void carry(Socket from, Socket to, boolean towardsServer) {
    byte[] piece = new byte[8_192];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
        int phase = spoken.getPhase();
        if (silent) {
          spoken.awaitAdvance(phase);
        }
        if (towardsServer) {
          watch(new String(piece, 0, read, StandardCharsets.ISO_8859_1));
        } else if (losing) {
          losing = false;
          return;
        }
        out.write(piece, 0, read);
      }
    } catch (IOException e) {
      // one of them went
    }
  }

  @Override
  public void close() {
    speak();
    try {
      listening.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
