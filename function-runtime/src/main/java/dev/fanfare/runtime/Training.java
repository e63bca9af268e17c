package dev.fanfare.runtime;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A training run for the AOT cache: this process is worker and runtime at once, warms up as a blank
 * runtime does, then loads a small revision and runs it a few times over a real socket. Takes one
 * argument, a folder to work in.
 */
public final class Training {
  private static final int ROUNDS = 200;

  private final Path folder;

  private Training(Path folder) {
    this.folder = folder;
  }

  /** Runs, then ends the process. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    new Training(Path.of(arguments[0])).run();
    System.exit(0);
  }

  private void run() throws IOException, InterruptedException {
    Path socket = folder.resolve("s");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
      new Warmup(folder).rehearse();
      RuntimeMain.serve(new SocketLink(socket, new byte[RuntimeMain.TOKEN_BYTES]));
      try (SocketChannel channel = server.accept()) {
        var in = new DataInputStream(Channels.newInputStream(channel));
        var out = new DataOutputStream(Channels.newOutputStream(channel));
        in.readFully(new byte[RuntimeMain.TOKEN_BYTES]);
        converse(in, out);
      }
    }
  }

  private void converse(DataInputStream in, DataOutputStream out) throws IOException {
    var revision = new RehearsalRevision(folder);
    send(out, revision.load());
    receive(in, 1, Frame.Loaded.class);
    for (int round = 0; round < ROUNDS; round++) {
      Frame.Leases leases = revision.leases(round);
      send(out, leases);
      receive(in, leases.leases().size(), Frame.Outcomes.class);
    }
  }

  /** Reads until so many answers of the kind have come. */
  private static void receive(DataInputStream in, int count, Class<? extends Frame> kind)
      throws IOException {
    int left = count;
    while (left > 0) {
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      Frame frame = FrameCodec.readCbor(bytes, 0, bytes.length);
      if (kind.isInstance(frame)) {
        left -= frame instanceof Frame.Outcomes outcomes ? outcomes.settlements().size() : 1;
      } else if (frame instanceof Frame.Bye bye) {
        throw new IOException(bye.reason());
      }
    }
  }

  private static void send(DataOutputStream out, Frame frame) throws IOException {
    byte[] bytes = FrameCodec.cbor(frame);
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }
}
