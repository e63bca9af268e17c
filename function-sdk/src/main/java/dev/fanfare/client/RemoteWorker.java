package dev.fanfare.client;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.console.Blocks;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A worker, or any of those that meet some constraints. Immutable and thread-safe. */
public final class RemoteWorker {
  private static final String EXEC = "/function/fanfare.exec";

  private final Connection connection;
  private final CallOptions options;

  RemoteWorker(Connection connection, CallOptions options) {
    this.connection = connection;
    this.options = options;
  }

  /** Runs a command there without input, as of {@link #exec(ExecOptions, String...)}. */
  public Executed exec(String... words) {
    return exec(ExecOptions.NONE, words);
  }

  /**
   * Runs a command there and waits for its end. The worker must have been started with {@code
   * --allow-exec}, and the key must have the scope {@code exec} or {@code admin}. An interrupt of
   * the calling thread kills the command with all that it started.
   *
   * @param words the program and its arguments; no shell reads them
   * @return how it ended, whatever its exit code
   * @throws FunctionFailed if it was killed by its timeout, wrote more than the platform returns
   *     (64 MiB), or its worker was lost
   * @throws Refused if the key may not, or no such worker is connected
   * @throws Unreachable if the platform does not answer
   */
  public Executed exec(ExecOptions how, String... words) {
    HttpRequest.Builder request = connection.request(EXEC);
    CallOptions limited = how.timeout() == null ? options : options.withTimeout(how.timeout());
    limited.headers(request::header);
    request
        .header("Content-Type", "application/octet-stream")
        .POST(
            BodyPublishers.concat(
                BodyPublishers.ofByteArray(head(how, words)),
                BodyPublishers.ofByteArray(how.input())));
    byte[] answer = Answers.result(connection.send(request.build())).body();
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    try {
      Blocks.Exit exit = Blocks.read(new ByteArrayInputStream(answer), out, err);
      return new Executed(exit.code(), exit.words(), out.toByteArray(), err.toByteArray());
    } catch (IOException e) {
      throw new BadAnswer("the answer is not a command's", e);
    }
  }

  private static byte[] head(ExecOptions how, String[] words) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    List.of(words).forEach(json.putArray("command")::add);
    how.environment().forEach(json.putObject("environment")::put);
    if (how.folder() != null) {
      json.put("folder", how.folder());
    }
    return (json + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
