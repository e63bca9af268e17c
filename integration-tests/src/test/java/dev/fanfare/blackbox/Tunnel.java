package dev.fanfare.blackbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/**
 * A way through the network that can be made slow, and whose connections can be reset: a port of
 * this machine, every connection to which is led to another port.
 */
final class Tunnel implements AutoCloseable {
  private static final int PIECE = 16 << 10;

  private final ServerSocket entrance;
  private final IntSupplier exit;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile long delayMillis;
  private volatile int piece = PIECE;

  /** Leads to the port that is given when somebody connects. */
  Tunnel(IntSupplier exit) {
    this.exit = exit;
    try {
      entrance = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return entrance.getLocalPort();
  }

  /** From now on every piece, of at most so many bytes, takes so long, each way. */
  void slow(Duration delay, int bytes) {
    delayMillis = delay.toMillis();
    piece = bytes;
  }

  /** Resets all connections; returns how many there were. */
  int reset() {
    int open = 0;
    for (Socket socket : sockets) {
      open++;
      reset(socket);
    }
    return open / 2;
  }

  private void accept() {
    while (!entrance.isClosed()) {
      try {
        Socket near = entrance.accept();
        Thread.ofVirtual().start(() -> lead(near));
      } catch (IOException e) {
        // closed, or out of descriptors for a moment
      }
    }
  }

  private void lead(Socket near) {
    sockets.add(near);
    try {
      var far = new Socket(InetAddress.getLoopbackAddress(), exit.getAsInt());
      sockets.add(far);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> copy(near, far));
      copy(far, near);
    } catch (IOException e) {
      reset(near);
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[PIECE];
      for (int n = in.read(bytes, 0, piece); n >= 0; n = in.read(bytes, 0, piece)) {
        if (delayMillis > 0 && closed.await(delayMillis, TimeUnit.MILLISECONDS)) {
          break;
        }
        out.write(bytes, 0, n);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      reset(from);
      reset(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reset(Socket socket) {
    sockets.remove(socket);
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // it is closed already
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      entrance.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reset();
  }
}
