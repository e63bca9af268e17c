package dev.fanfare.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.frame.LogLine;
import dev.fanfare.hosting.Exit;
import dev.fanfare.hosting.StartedRuntime;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.Outcome;
import dev.fanfare.protocol.Payload;
import io.vertx.core.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A runtime that tests give the samples to, and all that was heard of it. */
final class HostedSamples implements StartedRuntime.Listener {
  static final long RESULT_LIMIT = 1 << 20;

  final List<Frame> heard = new CopyOnWriteArrayList<>();
  final List<Exit> exits = new CopyOnWriteArrayList<>();
  final Path blobs;
  private final Context context;
  private final StartedRuntime runtime;
  private final SampleJar jar = SampleJar.make();
  private final AtomicLong ids = new AtomicLong();

  HostedSamples(Context context, StartedRuntime runtime, Path blobs) throws IOException {
    this.context = context;
    this.runtime = runtime;
    this.blobs = blobs;
    jar.writeTo(blobs);
    context.runOnContext(now -> runtime.listen(this));
  }

  @Override
  public void received(Frame frame) {
    heard.add(frame);
  }

  @Override
  public void ended(Exit exit) {
    exits.add(exit);
  }

  // ---- what tests send ----

  /** Loads the samples and waits until they are. */
  void host() {
    host(blobs.resolve(jar.id().hash().hex()));
    await().until(() -> heard.stream().anyMatch(Frame.Loaded.class::isInstance));
  }

  void host(Path manifest) {
    Path artifact = blobs.resolve(jar.manifest().artifact().hex());
    send(
        new Frame.Load(
            jar.id(), manifest.toString(), artifact.toString(), blobs.toString(), RESULT_LIMIT));
  }

  Lease lease(String function, Payload body) {
    return new Lease(
        new InvocationId(5, ids.incrementAndGet()),
        9,
        1,
        jar.id(),
        new FunctionName(function),
        body,
        60_000_000,
        "",
        "");
  }

  Lease begin(String function, String json) {
    Lease lease = lease(function, new Payload.Inline("application/json", json.getBytes(UTF_8)));
    send(new Frame.Leases(List.of(lease)));
    return lease;
  }

  void revoke(Lease lease) {
    send(new Frame.Revoke(List.of(held(lease)), "enough"));
  }

  void kill() {
    context.runOnContext(now -> runtime.kill());
  }

  void send(Frame frame) {
    context.runOnContext(now -> runtime.send(frame));
  }

  static Held held(Lease lease) {
    return new Held(lease.id(), lease.fence());
  }

  // ---- what came of it ----

  Outcome run(String function, String json) {
    return outcome(begin(function, json));
  }

  dev.fanfare.protocol.Fault fault(String function, String json) {
    return ((Outcome.Failure) run(function, json)).fault();
  }

  Outcome outcome(Lease lease) {
    return await()
        .atMost(30, SECONDS)
        .until(
            () -> settled().stream().filter(s -> s.id().equals(lease.id())).findFirst(),
            java.util.Optional::isPresent)
        .orElseThrow()
        .outcome();
  }

  List<Settlement> settled() {
    return heard.stream()
        .filter(Frame.Outcomes.class::isInstance)
        .flatMap(frame -> ((Frame.Outcomes) frame).settlements().stream())
        .toList();
  }

  List<LogLine> lines() {
    return heard.stream()
        .filter(Frame.Logs.class::isInstance)
        .flatMap(frame -> ((Frame.Logs) frame).lines().stream())
        .toList();
  }

  Exit exit() {
    await().until(() -> !exits.isEmpty());
    return exits.getFirst();
  }
}
