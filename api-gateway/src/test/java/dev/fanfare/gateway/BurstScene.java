package dev.fanfare.gateway;

import dev.fanfare.client.Fanfare;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.protocol.FailureCode;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.session.ScriptedWorker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A whole gateway, a client of it, and a worker that does as it is told. */
final class BurstScene implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(20);

  /** The worker's runtime dies of this item. */
  static final int DEADLY = 1_066_613;

  final TestGateway platform;
  final ScriptedWorker worker;
  final Fanfare fanfare;
  private final ShippedCode shipped;

  BurstScene(Path folder) throws Exception {
    platform = TestGateway.start(folder);
    platform.deploy("echo", "odd", "never", "nine-waits", "tortoise", "large", "huge");
    shipped = new ShippedCode(platform);
    worker = platform.worker("w1", this::run);
    fanfare = Fanfare.connect(platform.uri(""), platform.admin);
  }

  @Override
  public void close() throws Exception {
    fanfare.close();
    worker.cut();
    platform.close();
  }

  private Optional<Outcome> run(Lease lease) {
    return switch (lease.function().value()) {
      case "shipped" ->
          carries(lease, DEADLY)
              ? Optional.of(Outcome.Failure.of(FailureCode.CRASHED, "the runtime died"))
              : shipped.run(lease);
      case "never" -> Optional.empty();
      case "nine-waits" -> isNine(lease) ? Optional.empty() : TestGateway.echo(lease);
      case "large" -> TestGateway.json("\"" + "x".repeat(20_000) + "\"");
      case "huge" -> {
        byte[] body = ("\"" + "x".repeat(9 << 20) + "\"").getBytes(StandardCharsets.UTF_8);
        var hash = platform.node.blobs().put(body);
        yield Optional.of(
            new Outcome.Success(new Payload.Blob("application/json", hash, body.length)));
      }
      case "odd" ->
          Integer.parseInt(text(lease)) % 2 == 0
              ? Optional.of(Outcome.Failure.of(FailureCode.CRASHED, "even " + text(lease)))
              : TestGateway.echo(lease);
      default -> TestGateway.echo(lease);
    };
  }

  /** Whether the number is among the items of a shipped lambda's request. */
  private static boolean carries(Lease lease, int number) {
    if (!(lease.payload() instanceof Payload.Inline inline)) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(inline.bytes());
    in.position(in.position() + 4 + in.getInt(in.position()));
    while (in.hasRemaining()) {
      byte[] item = new byte[in.getInt()];
      in.get(item);
      if (item.length == 5 && item[0] == 'i' && ByteBuffer.wrap(item, 1, 4).getInt() == number) {
        return true;
      }
    }
    return false;
  }

  static String text(Lease lease) {
    return new String(((Payload.Inline) lease.payload()).bytes(), StandardCharsets.UTF_8);
  }

  static boolean isNine(Lease lease) {
    return lease.function().value().equals("nine-waits") && text(lease).equals("9");
  }

  static Payload payload(String json) {
    return new Payload.Inline("application/json", json.getBytes(StandardCharsets.UTF_8));
  }
}
