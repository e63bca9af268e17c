package dev.fanfare.command;

import dev.fanfare.terminal.ExitCode;
import dev.fanfare.terminal.Shell;
import dev.fanfare.terminal.Stream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;

@Command(
    name = "train-client",
    hidden = true,
    description =
        "Runs a few commands against canned answers, so that an AOT cache can be made of what they"
            + " load.")
final class TrainClientCommand extends LocalCommand {
  private static final List<String> LINES =
      List.of(
          "list",
          "describe f",
          "invoke f --a 1 -v",
          "invoke f -d {}",
          "invocations",
          "workers",
          "-o json list");

  private static final String SCHEMA =
      "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}";

  /** What suits every one of the requests. */
  private static final String ANSWER =
      "{\"name\":\"f\",\"inputSchema\":"
          + SCHEMA
          + ",\"policy\":{\"timeout\":60.5,\"memory\":1000},"
          + "\"functions\":[{\"name\":\"f\",\"timeout\":60.0,\"memory\":1000,\"deployedAt\":\"2026-01-01T00:00:00Z\"}],"
          + "\"invocations\":[{\"id\":\"1\",\"state\":\"QUEUED\",\"figures\":{\"queueSeconds\":0.1}}],"
          + "\"workers\":[{\"id\":\"w\",\"load\":0.5,\"labels\":{\"memory\":\"1000\"}}]}";

  @Override
  ExitCode run() {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> serve(server));
      String url = "http://127.0.0.1:" + server.getLocalPort();
      for (String line : LINES) {
        new CommandLine(new Fanfare(mute(shell())))
            .execute((line + " --key ff_id_secret --url " + url).split(" "));
      }
      return ExitCode.OK;
    } catch (IOException e) {
      return ExitCode.PLATFORM;
    }
  }

  private static void serve(ServerSocket server) {
    try {
      while (true) {
        try (Socket socket = server.accept()) {
          answer(socket);
        }
      }
    } catch (IOException e) {
      // closed: the training is over
    }
  }

  private static void answer(Socket socket) throws IOException {
    var request =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    while (!request.readLine().isEmpty()) {
      // the headers do not matter
    }
    socket
        .getOutputStream()
        .write(
            ("HTTP/1.1 200 OK\r\n"
                    + "Connection: close\r\n"
                    + "Content-Type: application/json\r\n"
                    + "Content-Length: "
                    + ANSWER.length()
                    + "\r\nX-Duration-Seconds: 0.1\r\n\r\n"
                    + ANSWER)
                .getBytes(StandardCharsets.US_ASCII));
  }

  private static Shell mute(Shell shell) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Shell(
        shell.environment(), shell.home(), shell.in(), nowhere, nowhere, Set.of(Stream.IN));
  }
}
