package dev.fanfare.process;

import dev.fanfare.runtime.RuntimeMain;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The Unix-domain socket that children connect to, in a folder of the user's own. A child proves
 * that it is the one that was started by a token it was given on its standard input. Only on the
 * agent's context.
 */
final class ChildSockets {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The kernel takes about 107 bytes of path. */
  private static final int LONGEST_FOLDER = 60;

  private static final long TOKEN_MILLIS = 10_000;

  private final Vertx vertx;
  private final Path folder;
  private final NetServer server;
  private final Map<String, Promise<Accepted>> expected = new HashMap<>();

  /** A child's socket, and what it sent right behind its token. */
  record Accepted(NetSocket socket, Buffer rest) {}

  ChildSockets(Vertx vertx) {
    this.vertx = vertx;
    this.folder = makeFolder();
    this.server = vertx.createNetServer().connectHandler(this::connected);
  }

  Future<Void> listen() {
    return server.listen(SocketAddress.domainSocketAddress(path().toString())).mapEmpty();
  }

  /** Where the socket is, alone. */
  Path folder() {
    return folder;
  }

  Path path() {
    return folder.resolve("s");
  }

  /** A token for a child about to be started. */
  String token() {
    byte[] random = new byte[RuntimeMain.TOKEN_BYTES / 2];
    RANDOM.nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Succeeds once a child connects that has the token. */
  Future<Accepted> expect(String token) {
    Promise<Accepted> promise = Promise.promise();
    expected.put(token, promise);
    return promise.future();
  }

  void forget(String token) {
    Promise<Accepted> promise = expected.remove(token);
    if (promise != null) {
      promise.tryFail("the runtime ended before it connected");
    }
  }

  Future<Void> close() {
    return server
        .close()
        .eventually(
            () -> {
              try {
                Files.deleteIfExists(path());
                Files.deleteIfExists(folder);
              } catch (IOException e) {
                // the system's clean-up of temporary folders takes it
              }
              return Future.succeededFuture();
            });
  }

  private void connected(NetSocket socket) {
    Buffer first = Buffer.buffer();
    long timer = vertx.setTimer(TOKEN_MILLIS, late -> socket.close());
    socket.handler(
        buffer -> {
          first.appendBuffer(buffer);
          if (first.length() >= RuntimeMain.TOKEN_BYTES) {
            vertx.cancelTimer(timer);
            admit(socket, first);
          }
        });
  }

  private void admit(NetSocket socket, Buffer first) {
    String token = first.getString(0, RuntimeMain.TOKEN_BYTES, StandardCharsets.US_ASCII.name());
    Promise<Accepted> promise = expected.remove(token);
    if (promise == null) {
      socket.close();
    } else {
      Buffer rest = first.getBuffer(RuntimeMain.TOKEN_BYTES, first.length());
      promise.complete(new Accepted(socket, rest));
    }
  }

  private static Path makeFolder() {
    Path base = Path.of(System.getProperty("java.io.tmpdir"));
    if (base.toString().length() > LONGEST_FOLDER) {
      base = Path.of("/tmp");
    }
    try {
      var onlyMine = PosixFilePermissions.fromString("rwx------");
      return Files.createTempDirectory(
          base, "fanfare-", PosixFilePermissions.asFileAttribute(onlyMine));
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for runtimes' sockets could be made in " + base, e);
    }
  }
}
