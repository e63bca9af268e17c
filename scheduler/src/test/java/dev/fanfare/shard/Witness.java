package dev.fanfare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.frame.Frame;
import dev.fanfare.frame.Frame.Held;
import dev.fanfare.frame.Frame.Settlement;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.SessionId;
import dev.fanfare.protocol.WorkerProfile;
import dev.fanfare.shard.Reply.Admission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Remembers what a shard was told and has answered, and says whether that can be true. */
final class Witness {
  private final ShardLimits limits;
  private final Map<InvocationId, Known> live = new LinkedHashMap<>();
  private final Map<InvocationId, InvocationRecord> ended = new LinkedHashMap<>();
  private final Set<InvocationId> forgotten = new HashSet<>();
  private final Map<SessionId, WorkerProfile> profiles = new HashMap<>();
  private long accepted;

  /** What is known of one that has not ended. */
  private static final class Known {
    final Submission submission;
    long fence;
    int grants;
    int returns;
    Grant lease;

    Known(Submission submission) {
      this.submission = submission;
    }
  }

  Witness(ShardLimits limits) {
    this.limits = limits;
  }

  boolean anyLive() {
    return !live.isEmpty();
  }

  Set<InvocationId> ids() {
    return new HashSet<>(live.keySet());
  }

  List<InvocationId> ended() {
    return new ArrayList<>(ended.keySet());
  }

  /** An operation was answered so. */
  void saw(ShardBatch batch, ShardReply reply, long now) {
    assertThat(reply.replies()).hasSameSizeAs(batch.transitions());
    reply.revocations().forEach(this::revoked);
    for (int i = 0; i < batch.transitions().size(); i++) {
      saw(batch.transitions().get(i), reply.replies().get(i));
    }
    batch.transitions().forEach(this::forgot);
    assertThat(reply.unattached()).allMatch(session -> offered(batch, session));
    reply.grants().forEach(grant -> granted(grant, now));
    withinOffers(batch, reply.grants());
    reply.ended().forEach(record -> ended(record, now));
  }

  private void saw(Transition transition, Reply reply) {
    switch (transition) {
      case Transition.Submit submit -> admitted(submit, ((Reply.Admissions) reply).admissions());
      case Transition.Settle settle -> settled(settle, ((Reply.Settled) reply).stale());
      case Transition.Return given -> given.leases().forEach(l -> returned(given.session(), l));
      case Transition.Adopt adopt ->
          ((Reply.Adopted) reply).held().forEach(l -> adopted(adopt.session(), l));
      case Transition.Detach(SessionId session) -> detached(session);
      case Transition.Attach attach -> profiles.put(attach.session(), attach.worker());
      default -> {}
    }
  }

  private void forgot(Transition transition) {
    if (transition instanceof Transition.Forget(List<InvocationId> ids)) {
      ids.stream().filter(id -> ended.remove(id) != null).forEach(forgotten::add);
    }
  }

  private void admitted(Transition.Submit submit, List<Admission> admissions) {
    assertThat(admissions).hasSameSizeAs(submit.submissions());
    for (int i = 0; i < admissions.size(); i++) {
      Submission submission = submit.submissions().get(i);
      InvocationId id = submission.id();
      switch (admissions.get(i)) {
        case ACCEPTED -> {
          assertThat(live).as("taken twice").doesNotContainKey(id);
          assertThat(ended).as("taken again").doesNotContainKey(id);
          forgotten.remove(id);
          live.put(id, new Known(submission));
          accepted++;
        }
        case DUPLICATE -> assertThat(live.containsKey(id) || ended.containsKey(id)).isTrue();
        case FULL -> {}
      }
    }
  }

  private void settled(Transition.Settle settle, List<Held> stale) {
    var refused = new ArrayList<>(stale);
    for (Settlement settlement : settle.settlements()) {
      if (refused.remove(new Held(settlement.id(), settlement.fence()))) {
        continue;
      }
      Known known = live.get(settlement.id());
      assertThat(known).as("settled although it had ended").isNotNull();
      assertThat(known.lease).as("settled although nobody held it").isNotNull();
      assertThat(known.lease.session()).as("settled by another").isEqualTo(settle.session());
      assertThat(known.fence).as("settled under another fence").isEqualTo(settlement.fence());
      known.lease = null;
    }
  }

  private void returned(SessionId session, Held held) {
    Known known = live.get(held.id());
    if (known != null
        && known.lease != null
        && known.lease.session().equals(session)
        && known.fence == held.fence()) {
      known.lease = null;
      known.returns++;
    }
  }

  private void adopted(SessionId session, Held held) {
    Known known = live.get(held.id());
    assertThat(known.fence).as("adopted under another fence").isEqualTo(held.fence());
    Frame.Lease lease = known.lease == null ? null : known.lease.lease();
    known.lease = new Grant(session, lease, Grant.Uses.FREE, 0, 0);
  }

  private void detached(SessionId session) {
    for (Known known : live.values()) {
      if (known.lease != null && known.lease.session().equals(session)) {
        known.lease = null;
      }
    }
  }

  private void revoked(ShardReply.Revocation revocation) {
    Known known = live.get(revocation.lease().id());
    if (known != null && known.fence == revocation.lease().fence()) {
      known.lease = null;
    }
  }

  private void granted(Grant grant, long now) {
    Frame.Lease lease = grant.lease();
    Known known = live.get(lease.id());
    assertThat(known).as("granted although it had ended").isNotNull();
    assertThat(lease.fence()).as("the fence rises").isGreaterThan(known.fence);
    known.fence = lease.fence();
    known.grants++;
    known.lease = grant;
    assertThat(lease.attempt())
        .as("attempts allowed")
        .isBetween(1, 1 + known.submission.retries() + limits.losses());
    assertThat(lease.function()).isEqualTo(known.submission.target().function());
    assertThat(lease.revision()).isEqualTo(known.submission.target().revision());
    assertThat(known.submission.requirements().metBy(profiles.get(grant.session()))).isTrue();
    assertThat(known.submission.deadline() == 0 || known.submission.deadline() > now).isTrue();
  }

  private static boolean offered(ShardBatch batch, SessionId session) {
    return batch.offers().stream().anyMatch(offer -> offer.session().equals(session));
  }

  private static void withinOffers(ShardBatch batch, List<Grant> grants) {
    Map<SessionId, Integer> free = new HashMap<>();
    Map<SessionId, Integer> warm = new HashMap<>();
    Map<SessionId, Integer> guests = new HashMap<>();
    for (Offer offer : batch.offers()) {
      free.merge(offer.session(), offer.free(), Integer::sum);
      guests.merge(offer.session(), offer.guests(), Integer::sum);
      warm.merge(
          offer.session(), offer.warm().stream().mapToInt(Offer.Warm::count).sum(), Integer::sum);
    }
    for (Grant grant : grants) {
      Map<SessionId, Integer> room =
          switch (grant.uses()) {
            case WARM -> warm;
            case FREE -> free;
            case GUEST -> guests;
          };
      int left = room.merge(grant.session(), -1, Integer::sum);
      assertThat(left).as("more was granted than offered").isNotNegative();
    }
  }

  private void ended(InvocationRecord record, long now) {
    assertThat(ended).as("ended twice").doesNotContainKey(record.id());
    Known known = live.remove(record.id());
    assertThat(known).as("ended although it was not here").isNotNull();
    assertThat(record.state().terminal()).isTrue();
    assertThat(record.outcome().orElseThrow().state()).isEqualTo(record.state());
    assertThat(record.endedAt()).isEqualTo(now);
    assertThat(record.fence()).isEqualTo(known.fence);
    assertThat(record.attempts()).isEqualTo(known.grants - known.returns);
    ended.put(record.id(), record);
  }

  /** Find (for all that live), Scan and Count were answered so. */
  void looked(ShardReply reply, long now) {
    reply.revocations().forEach(this::revoked);
    reply.ended().forEach(record -> ended(record, now));
    assertThat(reply.grants()).isEmpty();
    var found = ((Reply.Found) reply.replies().get(0)).records();
    Map<InvocationState, Long> states = new HashMap<>();
    for (InvocationRecord record : found) {
      Known known = live.get(record.id());
      if (known == null) {
        assertThat(record).isEqualTo(ended.get(record.id()));
        continue;
      }
      states.merge(record.state(), 1L, Long::sum);
      assertThat(record.fence()).isEqualTo(known.fence);
      assertThat(record.attempts())
          .as("attempts of %s", record.id())
          .isEqualTo(known.grants - known.returns);
      assertThat(record.state() != InvocationState.RUNNING || known.lease != null).isTrue();
    }
    var scanned = ((Reply.Found) reply.replies().get(1)).records();
    assertThat(scanned.stream().map(InvocationRecord::id).collect(Collectors.toSet()))
        .isEqualTo(live.keySet());
    counted(((Reply.Counted) reply.replies().get(2)).counts(), states);
  }

  private void counted(ShardCounts counts, Map<InvocationState, Long> states) {
    long failed = counts.failed().values().stream().mapToLong(Long::longValue).sum();
    long alive = counts.scheduled() + counts.queued() + counts.running();
    assertThat(counts.accepted())
        .as("the conservation law")
        .isEqualTo(alive + counts.succeeded() + counts.cancelled() + failed);
    assertThat(counts.accepted()).isEqualTo(accepted);
    assertThat(counts.scheduled()).isEqualTo(states.getOrDefault(InvocationState.SCHEDULED, 0L));
    assertThat(counts.queued()).isEqualTo(states.getOrDefault(InvocationState.QUEUED, 0L));
    assertThat(counts.running()).isEqualTo(states.getOrDefault(InvocationState.RUNNING, 0L));
    assertThat(counts.retained()).isEqualTo(ended.size());
    assertThat(counts.queuedByFunction().values().stream().mapToLong(Long::longValue).sum())
        .isEqualTo(counts.queued() + counts.scheduled());
  }
}
