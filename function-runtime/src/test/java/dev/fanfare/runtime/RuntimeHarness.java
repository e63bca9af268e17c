package dev.fanfare.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.LogLine;
import dev.fanfare.protocol.Fault;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Usage;
import dev.fanfare.sample.SampleJar;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A host of the sample functions in this process, spoken to directly. */
final class RuntimeHarness implements OpenLink {
  static final long RESULT_LIMIT = 1 << 20;
  private static final AtomicLong IDS = new AtomicLong();

  final ConcurrentLinkedQueue<Settlement> settled = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<LogLine> lines = new ConcurrentLinkedQueue<>();
  final ConcurrentLinkedQueue<Frame.Held> returned = new ConcurrentLinkedQueue<>();
  final RuntimeHost host;
  final Path blobs;
  private final SampleJar jar = SampleJar.make();

  RuntimeHarness(Path blobs) {
    this.blobs = blobs;
    this.host = new RuntimeHost(this, true);
    jar.writeTo(blobs);
    host.received(
        new Frame.Load(
            jar.id(),
            blobs.resolve(jar.id().hash().hex()).toString(),
            blobs.resolve(jar.manifest().artifact().hex()).toString(),
            blobs.toString(),
            RESULT_LIMIT));
  }

  /** The result as text. */
  String call(String function, String json) {
    return text(run(function, "application/json", json.getBytes(UTF_8)));
  }

  Payload result(String function, String json) {
    Settlement settlement = run(function, "application/json", json.getBytes(UTF_8));
    return ((Outcome.Success) settlement.outcome()).result();
  }

  Fault fault(String function, String json) {
    Settlement settlement = run(function, "application/json", json.getBytes(UTF_8));
    return ((Outcome.Failure) settlement.outcome()).fault();
  }

  static String text(Settlement settlement) {
    return switch (settlement.outcome()) {
      case Outcome.Success(Payload.Inline inline) -> new String(inline.bytes(), UTF_8);
      default -> throw new AssertionError(settlement.outcome());
    };
  }

  Settlement run(String function, String contentType, byte[] body) {
    return run(lease(function, new Payload.Inline(contentType, body)));
  }

  Settlement run(Lease lease) {
    host.received(new Frame.Leases(List.of(lease)));
    return await()
        .until(
            () ->
                settled.stream()
                    .filter(s -> s.id().equals(lease.id()))
                    .findFirst()
                    .orElse(new Settlement(lease.id(), 0, new Outcome.Cancelled(""), Usage.NONE)),
            s -> s.fence() != 0);
  }

  Lease lease(String function, Payload body) {
    var id = new InvocationId(1, IDS.incrementAndGet());
    return new Lease(id, 7, 2, jar.id(), new FunctionName(function), body, 60_000_000, "", "");
  }

  List<String> texts() {
    return lines.stream().map(line -> line.source() + ":" + line.text()).toList();
  }

  @Override
  public void send(Frame frame) {
    switch (frame) {
      case Frame.Outcomes outcomes -> settled.addAll(outcomes.settlements());
      case Frame.Logs logs -> lines.addAll(logs.lines());
      case Frame.Returned back -> returned.addAll(back.leases());
      case Frame.Loaded loaded -> {}
      default -> throw new AssertionError(frame);
    }
  }
}
