package dev.fanfare.benchmark;

import dev.fanfare.client.Fanfare;
import dev.fanfare.client.OpenChannel;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Map;

/** Channels through gateway, worker and runtime, beside a bare socket on loopback. */
final class Channels implements Section {
  private static final int ROUNDS = 5_000;
  private static final int SMALL = 1_000_000;
  private static final int SMALL_BYTES = 16;
  private static final int LARGE = 8_192;
  private static final int LARGE_BYTES = 64 * 1024;

  @Override
  public String name() {
    return "channels";
  }

  @Override
  public void run(Settings settings) throws IOException, InterruptedException {
    System.out.println("| a channel | ping-pong p50 | p99 | 16-byte items/s | of 64 KiB |");
    System.out.println("|---|---:|---:|---:|---:|");
    bare();
    try (var platform = RunningPlatform.up();
        Fanfare fanfare = platform.client()) {
      platform.deploy(settings.examples());
      pings(fanfare);
      pour(fanfare, SMALL / 2, SMALL_BYTES);
      double[] pings = pings(fanfare);
      double small = pour(fanfare, SMALL, SMALL_BYTES);
      double large = pour(fanfare, LARGE, LARGE_BYTES);
      row("with a function", pings, small, large);
    }
  }

  private static double[] pings(Fanfare fanfare) {
    try (var mirror = fanfare.open("mirror", byte[].class, byte[].class)) {
      return times(
          () -> {
            mirror.send(new byte[SMALL_BYTES]);
            mirror.receive();
          });
    }
  }

  private static double pour(Fanfare fanfare, int blocks, int size) {
    var wanted = Map.of("blocks", blocks, "size", size);
    try (OpenChannel<byte[], String> in =
        fanfare.open("pour", byte[].class, String.class, wanted)) {
      in.receive();
      long began = System.nanoTime();
      int count = 0;
      while (in.receive() != null) {
        count++;
      }
      if (count != blocks - 1) {
        throw new IllegalStateException(count + " items came, not " + (blocks - 1));
      }
      return count / ((System.nanoTime() - began) / 1e9);
    }
  }

  /** One round trip; may throw what sockets throw. */
  private interface Round {
    void run() throws IOException;
  }

  private static double[] times(Round round) {
    double[] millis = new double[ROUNDS];
    try {
      for (int i = 0; i < ROUNDS; i++) {
        long began = System.nanoTime();
        round.run();
        millis[i] = (System.nanoTime() - began) / 1e6;
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    Arrays.sort(millis);
    return millis;
  }

  // ---- the yardstick ----

  private static void bare() throws IOException, InterruptedException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread peer = Thread.ofPlatform().daemon().start(() -> serve(server));
      try (var socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
        socket.setTcpNoDelay(true);
        var in = new DataInputStream(socket.getInputStream());
        var out = new DataOutputStream(socket.getOutputStream());
        byte[] ping = new byte[SMALL_BYTES];
        double[] pings =
            times(
                () -> {
                  out.write(ping);
                  in.readFully(ping);
                });
        double small = read(in, SMALL, SMALL_BYTES);
        double large = read(in, LARGE, LARGE_BYTES);
        row("a bare socket", pings, small, large);
      }
      peer.join();
    }
  }

  private static double read(DataInputStream in, int blocks, int size) throws IOException {
    byte[] block = new byte[size];
    long began = System.nanoTime();
    for (int i = 0; i < blocks; i++) {
      in.readFully(block);
    }
    return blocks / ((System.nanoTime() - began) / 1e9);
  }

  private static void serve(ServerSocket server) {
    try (var socket = server.accept()) {
      socket.setTcpNoDelay(true);
      var in = new DataInputStream(socket.getInputStream());
      var out = socket.getOutputStream();
      byte[] ping = new byte[SMALL_BYTES];
      for (int i = 0; i < ROUNDS; i++) {
        in.readFully(ping);
        out.write(ping);
      }
      for (int i = 0; i < SMALL; i++) {
        out.write(ping);
      }
      byte[] block = new byte[LARGE_BYTES];
      for (int i = 0; i < LARGE; i++) {
        out.write(block);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void row(String what, double[] pings, double small, double large) {
    System.out.printf(
        "| %s | %.3f ms | %.3f ms | %,.0f | %,.0f MiB/s |%n",
        what,
        pings[pings.length / 2],
        pings[pings.length * 99 / 100],
        small,
        large * LARGE_BYTES / (1 << 20));
  }
}
