package dev.fanfare.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class InProcessLinkTest {

  /** Remembers what it heard; answers heartbeats by the same number negated when it has a link. */
  private static final class Ear implements Link.Listener {
    final List<Frame> frames = new CopyOnWriteArrayList<>();
    final List<String> events = new CopyOnWriteArrayList<>();

    @Override
    public void received(Frame frame) {
      if (frame instanceof Frame.Drain) {
        throw new IllegalStateException("no drain here");
      }
      frames.add(frame);
    }

    @Override
    public void drained() {
      events.add("drained");
    }

    @Override
    public void closed(String reason) {
      events.add("closed: " + reason);
    }
  }

  @Test
  void framesArriveInOrderWhateverTheExecutor() {
    try (var pool = Executors.newFixedThreadPool(4)) {
      var far = new Ear();
      Link link = InProcessLink.connect(new Ear(), pool, l -> far, pool);
      LongStream.range(0, 10_000).forEach(n -> link.send(new Frame.Heartbeat(n)));
      await().until(() -> far.frames.size() == 10_000);
      assertThat(far.frames)
          .isEqualTo(LongStream.range(0, 10_000).mapToObj(Frame.Heartbeat::new).toList());
    }
  }

  @Test
  void theFarEndMaySendBeforeItsListenerIsMade() {
    var near = new Ear();
    InProcessLink.connect(
        near,
        Runnable::run,
        link -> {
          link.send(new Frame.Heartbeat(1));
          return new Ear();
        },
        Runnable::run);
    assertThat(near.frames).containsExactly(new Frame.Heartbeat(1));
  }

  @Test
  void closingDeliversWhatWasSentAndTellsBothOnce() {
    var near = new Ear();
    var far = new Ear();
    Queue<Runnable> later = new ArrayDeque<>();
    Link link = InProcessLink.connect(near, Runnable::run, l -> far, later::add);
    link.send(new Frame.Heartbeat(1));
    link.close();
    link.close();
    link.send(new Frame.Heartbeat(2));
    later.forEach(Runnable::run);
    assertThat(far.frames).containsExactly(new Frame.Heartbeat(1));
    assertThat(far.events).containsExactly("closed: closed");
    assertThat(near.events).containsExactly("closed: closed");
  }

  @Test
  void aListenerThatThrowsClosesTheLink() {
    var near = new Ear();
    var far = new Ear();
    Link link = InProcessLink.connect(near, Runnable::run, l -> far, Runnable::run);
    link.send(new Frame.Drain());
    assertThat(near.events).singleElement().asString().contains("no drain here");
    assertThat(far.events).hasSize(1);
  }

  @Test
  void aSlowListenerMakesTheLinkCongestedUntilItHasDrained() {
    var near = new Ear();
    var far = new Ear();
    Queue<Runnable> later = new ArrayDeque<>();
    Executor slow = later::add;
    Link link = InProcessLink.connect(near, Runnable::run, l -> far, slow);
    for (int i = 0; i <= InProcessLink.CONGESTED; i++) {
      assertThat(link.congested()).isFalse();
      link.send(new Frame.Heartbeat(i));
    }
    assertThat(link.congested()).isTrue();
    later.forEach(Runnable::run);
    assertThat(near.events).containsExactly("drained");
    assertThat(link.congested()).isFalse();
  }
}
