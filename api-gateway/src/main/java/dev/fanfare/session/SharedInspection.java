package dev.fanfare.session;

import dev.fanfare.dispatch.Dispatcher;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.WorkerId;
import dev.fanfare.sharing.Neighbours;
import dev.fanfare.sharing.Neighbours.Topic;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What workers tell of themselves, at whichever gateway of the cluster they are. Thread-safe. */
public final class SharedInspection {
  private static final long LONGEST_MILLIS = Inspections.LONGEST_MILLIS + 1_000;

  private final SessionServer sessions;
  private final Dispatcher dispatcher;
  private final Neighbours neighbours;

  private SharedInspection(SessionServer sessions, Dispatcher dispatcher, Neighbours neighbours) {
    this.sessions = sessions;
    this.dispatcher = dispatcher;
    this.neighbours = neighbours;
  }

  /** Begins to answer other nodes. */
  public static SharedInspection start(
      SessionServer sessions, Dispatcher dispatcher, Neighbours neighbours) {
    var shared = new SharedInspection(sessions, dispatcher, neighbours);
    neighbours.answer(Topic.WORKERS, (from, question) -> shared.answer(question));
    return shared;
  }

  /** What the worker tells of itself now, in JSON; fails in words when it cannot be asked. */
  public Future<String> inspect(WorkerId worker) {
    boolean here = dispatcher.workers().stream().anyMatch(view -> view.is(worker));
    Optional<NodeId> elsewhere = here ? Optional.empty() : dispatcher.gatewayOf(worker);
    return elsewhere.isEmpty()
        ? sessions.inspect(worker)
        : Future.fromCompletionStage(
                neighbours.ask(
                    elsewhere.get(),
                    Topic.WORKERS,
                    worker.value().getBytes(StandardCharsets.UTF_8)),
                dispatcher.context())
            .map(answer -> new String(answer, StandardCharsets.UTF_8));
  }

  private byte[] answer(byte[] question) {
    var worker = new WorkerId(new String(question, StandardCharsets.UTF_8));
    return sessions
        .inspect(worker)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(LONGEST_MILLIS, TimeUnit.MILLISECONDS)
        .join()
        .getBytes(StandardCharsets.UTF_8);
  }
}
