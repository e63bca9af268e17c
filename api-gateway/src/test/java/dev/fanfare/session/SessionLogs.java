package dev.fanfare.session;

import static dev.fanfare.session.SessionScene.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Lease;
import dev.fanfare.frame.LogLine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What functions print, over a session. */
interface SessionLogs extends SessionPart {
  @Test
  default void whoFollowsIsToldOnceLinesAreKept() {
    ScriptedWorker worker = scene().open("one", 1, ScriptedWorker.LATER);
    Lease lease = scene().lease(worker);
    worker.send(new Frame.Logs(List.of(line(lease, 1), line(lease, 2))));
    List<Integer> seen = new CopyOnWriteArrayList<>();
    Runnable news = () -> seen.add(scene().node.logs().read(lease.id(), 0, 0, 10).size());
    try (LogTail tail = scene().sessions.follow(lease.id(), news)) {
      await().until(() -> seen.contains(2));
      worker.send(new Frame.Logs(List.of(line(lease, 3))));
      await().until(() -> seen.contains(3));
    }
    int told = seen.size();
    worker.send(new Frame.Logs(List.of(line(lease, 4))));
    await().until(() -> scene().node.logs().read(lease.id(), 0, 0, 10).size() == 4);
    assertThat(scene().node.logs().read(lease.id(), 0, 0, 10))
        .extracting(LogLine::sequence)
        .containsExactly(1, 2, 3, 4);
    assertThat(seen).hasSize(told);
  }

  @Test
  default void linesThatComeAfterTheOutcomeAreKept() {
    ScriptedWorker worker = scene().open("one", 1, ScriptedWorker.LATER);
    Lease lease = scene().lease(worker);
    worker.succeed(lease);
    await().until(() -> !worker.heard(Frame.Acknowledged.class).isEmpty());
    worker.send(new Frame.Logs(List.of(line(lease, 1))));
    await().until(() -> scene().node.logs().read(lease.id(), 0, 0, 10).size() == 1);
  }

  @Test
  default void linesOfAttemptsThatAreNotTheSessionsAreRefused() {
    ScriptedWorker owner = scene().open("owner", 1, ScriptedWorker.LATER);
    Lease lease = scene().lease(owner);
    ScriptedWorker stranger = scene().open("stranger", 0, ScriptedWorker.LATER);
    stranger.send(new Frame.Logs(List.of(line(lease, 1))));
    stranger.send(new Frame.Status(7, 7, 7, 0, List.of()));
    await().until(() -> scene().dispatcher.workers().stream().anyMatch(w -> w.runtimes() == 7));
    owner.send(new Frame.Logs(List.of(line(lease, 2))));
    await().until(() -> !scene().node.logs().read(lease.id(), 0, 0, 10).isEmpty());
    assertThat(scene().node.logs().read(lease.id(), 0, 0, 10))
        .extracting(LogLine::sequence)
        .containsExactly(2);
  }
}
