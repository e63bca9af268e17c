package dev.fanfare.sharing;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.ledger.DeadLetters;
import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.shard.Submission;
import dev.fanfare.sharing.Neighbours.Topic;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Accepted invocations that failed for good, at whichever nodes they are kept. Blocks. */
public final class SharedDeadLetters {
  private static final long LONGEST_SECONDS = 5;

  private final DeadLetters own;
  private final Neighbours neighbours;

  /** What one node asks another. */
  private enum Question {
    LIST,
    FIND,
    REMOVE
  }

  /**
   * A list.
   *
   * @param silent nodes that did not tell theirs
   */
  public record Found(List<InvocationRecord> letters, List<NodeId> silent) {}

  private SharedDeadLetters(DeadLetters own, Neighbours neighbours) {
    this.own = own;
    this.neighbours = neighbours;
  }

  /** Begins to answer other nodes. */
  public static SharedDeadLetters start(DeadLetters own, Neighbours neighbours) {
    var shared = new SharedDeadLetters(own, neighbours);
    neighbours.answer(Topic.LETTERS, (from, question) -> shared.answer(from, question));
    return shared;
  }

  /** As {@link DeadLetters#list}. */
  public Found list(
      TenantId tenant, Optional<FunctionName> function, Optional<InvocationId> before, int most) {
    Round round =
        ask(
            out -> {
              out.kind(Question.LIST);
              out.tenant(tenant);
              out.optional(function, out::function);
              out.optional(before, out::id);
              out.number(most);
            });
    Stream<InvocationRecord> theirs =
        round.answers().stream()
            .flatMap(answer -> Words.read(answer, in -> in.list(in::record)).stream());
    List<InvocationRecord> letters =
        Stream.concat(own.list(tenant, function, before, most).stream(), theirs)
            .sorted(Comparator.comparing(InvocationRecord::id).reversed())
            .distinct()
            .limit(Math.clamp(most, 1, DeadLetters.MOST_AT_ONCE))
            .toList();
    return new Found(letters, round.silent());
  }

  /** As {@link DeadLetters#find}; of one at another node, what is needed to submit it again. */
  public Optional<Submission> find(TenantId tenant, InvocationId id, NodeId origin) {
    return own.find(tenant, id, origin)
        .or(
            () ->
                ask(
                        out -> {
                          out.kind(Question.FIND);
                          out.tenant(tenant);
                          out.id(id);
                        })
                    .answers()
                    .stream()
                    .map(answer -> Words.read(answer, in -> in.optional(() -> read(in, origin))))
                    .flatMap(Optional::stream)
                    .findFirst());
  }

  /** Removes the tenant's of this id, wherever it is; gone from disk when this returns. */
  public void remove(TenantId tenant, InvocationId id) {
    removeHere(id);
    ask(
        out -> {
          out.kind(Question.REMOVE);
          out.tenant(tenant);
          out.id(id);
        });
  }

  private void removeHere(InvocationId id) {
    own.remove(List.of(id))
        .toCompletableFuture()
        .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private Round ask(Words.Writing question) {
    return Round.ask(neighbours, Topic.LETTERS, Words.write(question));
  }

  private byte[] answer(NodeId from, byte[] question) {
    return Words.read(
        question,
        in ->
            switch (in.kind(Question.values())) {
              case LIST -> {
                List<InvocationRecord> found =
                    own.list(
                        in.tenant(), in.optional(in::function), in.optional(in::id), in.integer());
                yield Words.write(out -> out.list(found, out::record));
              }
              case FIND -> {
                Optional<Submission> found = own.find(in.tenant(), in.id(), from);
                yield Words.write(out -> out.optional(found, work -> write(out, work)));
              }
              case REMOVE -> {
                TenantId tenant = in.tenant();
                InvocationId id = in.id();
                if (own.find(tenant, id, from).isPresent()) {
                  removeHere(id);
                }
                yield new byte[0];
              }
            });
  }

  private static void write(WireOutput out, Submission work) throws IOException {
    out.id(work.id());
    out.target(work.target());
    out.requirements(work.requirements());
    out.number(work.priority());
    out.text(work.callId());
    out.text(work.traceparent());
    out.payload(work.payload());
  }

  private static Submission read(WireInput in, NodeId origin) throws IOException {
    InvocationId id = in.id();
    var target = in.target();
    var requirements = in.requirements();
    int priority = in.integer();
    String callId = in.text();
    String traceparent = in.text();
    long timeout = TimeUnit.NANOSECONDS.toMicros(target.policy().timeout().toNanos());
    return new Submission(
        id,
        target,
        requirements,
        origin,
        true,
        priority,
        0,
        timeout,
        0,
        0,
        0,
        callId,
        traceparent,
        in.payload());
  }
}
