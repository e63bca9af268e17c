package dev.fanfare.session;

import dev.fanfare.cluster.NodeConfiguration;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.dispatch.DispatchMeters;
import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.dispatch.Waiter;
import dev.fanfare.frame.InProcessLink;
import dev.fanfare.key.Principal;
import dev.fanfare.key.Scope;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.Payload;
import dev.fanfare.protocol.Policy;
import dev.fanfare.protocol.Requirements;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.Target;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Reply.Admission;
import dev.fanfare.shard.Submission;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * How many invocations a second go through the dispatcher, the shards of a real node, an in-process
 * session and back, with a worker that answers at once; and how long one takes. Run it by hand.
 */
final class DispatchThroughput {
  private static final int SECONDS = Integer.getInteger("seconds", 5);

  private final Dispatcher dispatcher;
  private final NodeId node;
  private final Target target;

  private DispatchThroughput(Dispatcher dispatcher, NodeId node) {
    this.dispatcher = dispatcher;
    this.node = node;
    var revision = new RevisionId(Sha256.of("revision".getBytes(StandardCharsets.UTF_8)));
    this.target = new Target(TenantId.DEFAULT, new FunctionName("echo"), revision, Policy.DEFAULT);
  }

  public static void main(String[] arguments) throws Exception {
    Path data = Files.createTempDirectory("throughput");
    Vertx vertx = Vertx.vertx();
    try (var worker = Executors.newSingleThreadExecutor();
        var node = SchedulerNode.start(NodeConfiguration.alone(data), Clock.systemUTC())) {
      var context = vertx.getOrCreateContext();
      var dispatcher = new Dispatcher(context, node, new DispatchMeters(new SimpleMeterRegistry()));
      var sessions = new SessionServer(dispatcher, node, 1 << 20);
      var scripted = ScriptedWorker.forgetful("one", 2_000);
      scripted.hello(
          InProcessLink.connect(
              scripted,
              worker,
              link -> sessions.accept(link, new Principal("key", TenantId.DEFAULT, Scope.WORKER)),
              task -> context.runOnContext(nothing -> task.run())));
      var measured = new DispatchThroughput(dispatcher, node.id());
      for (int round = 0; round < 2; round++) {
        for (int outstanding : new int[] {1, 32, 1_000}) {
          measured.measure(outstanding);
        }
      }
    }
    System.exit(0);
  }

  private void measure(int outstanding) throws InterruptedException {
    var run = new Run(outstanding);
    dispatcher.run(
        () -> {
          for (int i = 0; i < outstanding; i++) {
            run.next();
          }
        });
    run.done.await();
    System.out.println(run.summary());
  }

  /** A number of callers, each of which submits again as soon as it has its answer. */
  private final class Run {
    final CountDownLatch done;
    final int outstanding;
    final long[] nanos = new long[10_000_000];
    final long begun = System.nanoTime();
    final long end = begun + TimeUnit.SECONDS.toNanos(SECONDS);
    int ended;
    int refused;

    Run(int outstanding) {
      this.outstanding = outstanding;
      this.done = new CountDownLatch(outstanding);
    }

    void next() {
      dispatcher.submit(submission(), new Caller(this));
    }

    /** Tries again a little later: the queue is full, because the ledger is behind. */
    void again() {
      dispatcher.context().owner().setTimer(1, timer -> dispatcher.run(this::next));
    }

    String summary() {
      long[] sorted = Arrays.copyOf(nanos, ended);
      Arrays.sort(sorted);
      return String.format(
          Locale.ROOT,
          "%5d outstanding: %,9.0f /s  p50 %.3f ms  p99 %.3f ms  max %.1f ms  refused %,d",
          outstanding,
          ended / (double) SECONDS,
          sorted[ended / 2] / 1e6,
          sorted[(int) (ended * 0.99)] / 1e6,
          sorted[ended - 1] / 1e6,
          refused);
    }
  }

  private static final class Caller implements Waiter {
    private final Run run;
    private final long since = System.nanoTime();

    Caller(Run run) {
      this.run = run;
    }

    @Override
    public void admitted(Admission admission) {
      if (admission != Admission.ACCEPTED) {
        run.refused++;
        run.again();
      }
    }

    @Override
    public void uncertain(String why) {
      throw new IllegalStateException(why);
    }

    @Override
    public void ended(InvocationRecord invocation) {
      long now = System.nanoTime();
      run.nanos[run.ended++] = now - since;
      if (now < run.end) {
        run.next();
      } else {
        run.done.countDown();
      }
    }
  }

  private Submission submission() {
    long minute = TimeUnit.MINUTES.toMicros(1);
    return new Submission(
        dispatcher.newId(),
        target,
        Requirements.NONE,
        node,
        false,
        0,
        0,
        minute,
        0,
        0,
        0,
        "",
        "",
        Payload.EMPTY);
  }
}
