package dev.fanfare.dispatch;

import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Transition;
import java.util.ArrayList;
import java.util.List;

/** One session's settlements in a lane's next batch. */
final class Settling implements Step {
  private final Lane lane;
  private final WorkerSession session;
  private final List<Settlement> settlements = new ArrayList<>();
  private final List<Unacknowledged> frames = new ArrayList<>();

  Settling(Lane lane, WorkerSession session) {
    this.lane = lane;
    this.session = session;
  }

  /** Adds one of a frame's settlements; all of one frame come one after the other. */
  @SuppressWarnings("ReferenceEquality") // the frame at hand
  void add(Settlement settlement, Unacknowledged frame) {
    settlements.add(settlement);
    if (frames.isEmpty() || frames.getLast() != frame) {
      frames.add(frame);
      frame.expect();
    }
  }

  WorkerSession session() {
    return session;
  }

  @Override
  public int size() {
    return settlements.size();
  }

  @Override
  public Transition transition() {
    return new Transition.Settle(session.id(), settlements);
  }

  @Override
  public void replied(Reply reply) {
    frames.getLast().refused(((Reply.Settled) reply).stale());
    frames.forEach(Unacknowledged::settled);
    session.settled(settlements);
  }

  /**
   * If the shard had it after all, the second is refused as stale and what ended was told to
   * nobody.
   */
  @Override
  public boolean lost(Throwable failure) {
    settlements.forEach(settlement -> lane.lookAgain(settlement.id()));
    return true;
  }
}
