package dev.fanfare.runtime;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.FrameCodec;
import dev.fanfare.frame.Link;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What a runtime does while it is blank: runs a small revision of its own again and again, so that
 * the first call of the revision it will get finds classes loaded and linked. One that gets its
 * revision at once does not begin.
 */
final class Warmup {
  /** A runtime that was started for work in hand has that work before this is over. */
  private static final long PAUSE_MILLIS = 50;

  private static final int ROUNDS = 40;
  private static final long LONGEST_ROUND_SECONDS = 2;

  private final Path folder;
  private final CountDownLatch wanted = new CountDownLatch(1);

  /** Works in the folder. */
  Warmup(Path folder) {
    this.folder = folder;
  }

  /** Begins, on a thread of its own, unless it is stopped soon. */
  void start() {
    Thread thread = new Thread(this::run, "fanfare-warm-up");
    thread.setDaemon(true);
    thread.start();
  }

  /** The runtime is wanted: ends after the round that is under way. */
  void stop() {
    wanted.countDown();
  }

  private void run() {
    try {
      if (!wanted.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
        rehearse();
      }
    } catch (IOException | RuntimeException e) {
      System.getLogger(Warmup.class.getName())
          .log(System.Logger.Level.WARNING, "a blank runtime could not warm up", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Runs the rounds that there is time for.
   *
   * @throws IOException if one fails
   */
  void rehearse() throws IOException, InterruptedException {
    var revision = new RehearsalRevision(folder);
    var answers = new Answers();
    var host = new RuntimeHost(answers, false);
    host.received(copy(revision.load()));
    for (int round = 0; round < ROUNDS && wanted.getCount() > 0; round++) {
      Frame.Leases leases = revision.leases(round);
      host.received(copy(leases));
      if (!answers.settled.tryAcquire(
          leases.leases().size(), LONGEST_ROUND_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("a rehearsal did not end");
      }
    }
    host.closed("rehearsed");
  }

  /** As it would be after its way through a socket. */
  private static Frame copy(Frame frame) {
    byte[] bytes = FrameCodec.cbor(frame);
    return FrameCodec.readCbor(bytes, 0, bytes.length);
  }

  /** Counts outcomes; sends nothing anywhere. */
  private static final class Answers implements Link {
    final Semaphore settled = new Semaphore(0);

    @Override
    public void send(Frame frame) {
      switch (copy(frame)) {
        case Frame.Outcomes outcomes -> settled.release(outcomes.settlements().size());
        case Frame.Bye bye -> throw new IllegalStateException(bye.reason());
        default -> {}
      }
    }

    @Override
    public boolean congested() {
      return false;
    }

    @Override
    public void close() {
      // nothing is held
    }

    @Override
    public String peer() {
      return "rehearsal";
    }
  }
}
