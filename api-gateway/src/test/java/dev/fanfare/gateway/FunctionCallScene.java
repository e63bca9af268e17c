package dev.fanfare.gateway;

import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.session.ScriptedWorker;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A gateway with functions that answer, fail, hold and more, as their names say. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FunctionCallScene {
  TestGateway platform;
  ScriptedWorker worker;
  RevisionId revision;
  final Map<String, Lease> leases = new ConcurrentHashMap<>();

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    platform = TestGateway.start(folder);
    revision = platform.deploy("echo", "fail", "hold", "large", "odd-type", "cancel").revision();
    worker = platform.worker("w1", this::run);
  }

  @AfterAll
  void stop() throws Exception {
    worker.cut();
    platform.close();
  }

  Optional<Outcome> run(Lease lease) {
    leases.put(lease.callId(), lease);
    return switch (lease.function().value()) {
      case "echo" -> TestGateway.echo(lease);
      case "hold" -> Optional.empty();
      case "odd-type" ->
          Optional.of(
              new Outcome.Success(new Payload.Inline("text/plain\r\nX-Evil: 1", new byte[1])));
      case "cancel" -> Optional.of(new Outcome.Cancelled("not today"));
      case "large" -> {
        Sha256 hash = platform.node.blobs().put(random(3 << 20));
        yield Optional.of(new Outcome.Success(new Payload.Blob("image/png", hash, 3 << 20)));
      }
      default -> {
        String[] wanted =
            new String(
                    ((Payload.Inline) lease.payload()).bytes(),
                    java.nio.charset.StandardCharsets.UTF_8)
                .split(" ", 3);
        FailureCode code = FailureCode.parse(wanted[0]);
        yield Optional.of(
            new Outcome.Failure(
                new Fault(
                    code,
                    wanted[1],
                    "person.width: expected a number, got 'x: y'",
                    "at x",
                    Integer.parseInt(wanted[2]))));
      }
    };
  }

  static String header(HttpResponse<?> answer, String name) {
    return answer
        .headers()
        .firstValue(name)
        .orElseThrow(() -> new AssertionError(name + " is missing in " + answer.headers()));
  }

  static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
