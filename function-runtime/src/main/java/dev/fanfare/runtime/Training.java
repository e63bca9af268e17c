package dev.fanfare.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.NullNode;
import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.FunctionSpec;
import dev.fanfare.protocol.FunctionSpec.Parameter;
import dev.fanfare.protocol.FunctionSpec.ParameterKind;
import dev.fanfare.protocol.FunctionSpec.ResultKind;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Manifests;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.RevisionManifest;
import dev.fanfare.protocol.Sha256;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A training run for the AOT cache: this process is worker and runtime at once, loads a small
 * revision and runs it a few times over a real socket. Takes one argument, a folder to work in.
 */
public final class Training {
  private static final int ROUNDS = 200;

  private final Path folder;

  private Training(Path folder) {
    this.folder = folder;
  }

  /** Runs, then ends the process. */
  public static void main(String[] arguments) throws IOException {
    new Training(Path.of(arguments[0])).run();
    System.exit(0);
  }

  private void run() throws IOException {
    Path socket = folder.resolve("s");
    try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));
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
    RevisionManifest manifest = manifest();
    RevisionId revision = Manifests.id(manifest);
    Path file = Files.write(folder.resolve("manifest"), Manifests.write(manifest));
    Path jar = writeJar();
    send(
        out, new Frame.Load(revision, file.toString(), jar.toString(), folder.toString(), 1 << 20));
    receive(in, 1, Frame.Loaded.class);
    for (int i = 0; i < ROUNDS; i++) {
      send(
          out,
          new Frame.Leases(
              List.of(
                  lease(
                      i,
                      revision,
                      "order",
                      order(i % 50 == 49 ? "\"many\"" : String.valueOf(i - 10))),
                  lease(i, revision, "add", "{\"left\":1,\"right\":2147483647}"),
                  lease(i, revision, "echo", "\"hello\""))));
      receive(in, 3, Frame.Outcomes.class);
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

  private static String order(String count) {
    return "{\"name\":\"tea\",\"count\":"
        + count
        + ",\"price\":2.5,\"tags\":[\"a\",\"b\"],\"at\":\"2026-01-01T00:00:00Z\"}";
  }

  private static Lease lease(int number, RevisionId revision, String function, String body) {
    return new Lease(
        new InvocationId(number, number),
        1,
        1,
        revision,
        new FunctionName(function),
        new Payload.Inline("application/json", body.getBytes(UTF_8)),
        60_000_000,
        "",
        "");
  }

  private Path writeJar() throws IOException {
    Path jar = folder.resolve("rehearsal.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (Class<?> type :
          List.of(Rehearsal.class, Rehearsal.Order.class, Rehearsal.Receipt.class)) {
        String name = type.getName().replace('.', '/') + ".class";
        zip.putNextEntry(new ZipEntry(name));
        try (InputStream bytes = type.getClassLoader().getResourceAsStream(name)) {
          Objects.requireNonNull(bytes).transferTo(zip);
        }
      }
    }
    return jar;
  }

  private static RevisionManifest manifest() {
    var order = new Parameter("order", ParameterKind.BODY, true);
    var invocation = new Parameter("invocation", ParameterKind.INVOCATION, true);
    var left = new Parameter("left", ParameterKind.FIELD, true);
    var right = new Parameter("right", ParameterKind.FIELD, true);
    String types = "Ldev/fanfare/runtime/Rehearsal$";
    return new RevisionManifest(
        Sha256.of(new byte[0]),
        0,
        25,
        List.of(
            spec("add", "(II)I", List.of(left, right), ResultKind.JSON),
            spec(
                "echo",
                "(Ljava/lang/String;)Ljava/lang/String;",
                List.of(new Parameter("text", ParameterKind.TEXT, true)),
                ResultKind.TEXT),
            spec(
                "order",
                "(" + types + "Order;Ldev/fanfare/function/Invocation;)" + types + "Receipt;",
                List.of(order, invocation),
                ResultKind.JSON)));
  }

  private static FunctionSpec spec(
      String name, String descriptor, List<Parameter> parameters, ResultKind result) {
    return new FunctionSpec(
        new FunctionName(name),
        Rehearsal.class.getName(),
        name,
        descriptor,
        parameters,
        result,
        Policy.DEFAULT,
        NullNode.getInstance(),
        NullNode.getInstance());
  }
}
