package dev.fanfare.dispatch;

import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.shard.Reply;
import dev.fanfare.shard.Transition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The look-ups of a lane's next batch. */
final class Finding implements Step {

  /** Who looks for one invocation. */
  interface Seeker {
    /** The shard's record of it, if it has one. */
    void found(Optional<InvocationRecord> invocation);

    /** The shard did not answer. */
    void lost(Throwable failure);

    /** One who cares only for an invocation that has ended. */
    static Seeker ofEnded(Consumer<InvocationRecord> ended) {
      return new Seeker() {
        @Override
        public void found(Optional<InvocationRecord> invocation) {
          invocation.filter(i -> i.state().terminal()).ifPresent(ended);
        }

        @Override
        public void lost(Throwable failure) {}
      };
    }
  }

  private final Map<InvocationId, List<Seeker>> seekers = new HashMap<>();

  void add(InvocationId id, Seeker seeker) {
    seekers.computeIfAbsent(id, i -> new ArrayList<>(1)).add(seeker);
  }

  @Override
  public int size() {
    return seekers.size();
  }

  @Override
  public Transition transition() {
    return new Transition.Find(List.copyOf(seekers.keySet()));
  }

  @Override
  public void replied(Reply reply) {
    for (InvocationRecord invocation : ((Reply.Found) reply).records()) {
      List<Seeker> found = seekers.remove(invocation.id());
      if (found != null) {
        found.forEach(seeker -> seeker.found(Optional.of(invocation)));
      }
    }
    seekers.values().forEach(missed -> missed.forEach(s -> s.found(Optional.empty())));
  }

  @Override
  public boolean lost(Throwable failure) {
    seekers.values().forEach(missed -> missed.forEach(seeker -> seeker.lost(failure)));
    return false;
  }
}
