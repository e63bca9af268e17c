package dev.fanfare.dispatch;

import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.ledger.AcceptedWork.Queue;
import dev.fanfare.ledger.IdempotencyKeys.Claim;
import dev.fanfare.ledger.InvocationFilter;
import dev.fanfare.protocol.InvocationId;
import dev.fanfare.protocol.InvocationRecord;
import dev.fanfare.protocol.InvocationState;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.sharing.Neighbours;
import dev.fanfare.sharing.Neighbours.Topic;
import dev.fanfare.sharing.Words;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the ledgers of the other nodes have of invocations: their ends, copies of ends, and work
 * that waits there alone. Looking up blocks, for {@link #ANSWER_MILLIS} at most; what a node does
 * not answer in time counts as not there.
 */
final class Elsewhere {
  static final long ANSWER_MILLIS = 2_000;

  /** How long a copy may take before another node is asked to keep it. */
  static final Duration LONGEST_COPY = Duration.ofSeconds(3);

  private static final InvocationState[] STATES = InvocationState.values();
  private static final Logger log = LoggerFactory.getLogger(Elsewhere.class);

  private final Neighbours neighbours;
  private final boolean shared;
  private final AtomicInteger turn = new AtomicInteger();

  /** What one node asks another. */
  enum Question {
    /** Of a tenant's invocations with these ids, what the ledger has. */
    FIND,
    /** The newest that pass a filter. */
    LIST,
    /** Copies of ended invocations, to be kept. */
    KEEP,
    /** Put one that waits in the ledger alone into its shard. */
    BRING,
    /** Which invocation a key of a function's callers stands for. */
    KEY
  }

  /** What this node's own ledger answers; may block. */
  interface Own {
    List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids);

    List<InvocationRecord> list(TenantId tenant, InvocationFilter filter);

    void keep(List<InvocationRecord> copies);

    void bring(TenantId tenant, InvocationId id);

    Optional<Claim> keyed(Queue queue, String key);
  }

  /**
   * The others' ledgers.
   *
   * @param shared whether it is one ledger for all, so that nobody need be asked what it has
   */
  Elsewhere(Neighbours neighbours, boolean shared) {
    this.neighbours = neighbours;
    this.shared = shared;
  }

  /** Begins to answer the other nodes. */
  void answerWith(Own own) {
    neighbours.answer(Topic.INVOCATIONS, (from, question) -> answered(own, question));
  }

  /** Whether this other node is a member now. */
  boolean isHere(NodeId node) {
    return neighbours.others().contains(node);
  }

  /**
   * What the other ledgers know a key to stand for.
   *
   * @throws IllegalStateException if none of those that answer knows it, and not all answer
   */
  Optional<Claim> keyed(Queue queue, String key) {
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.KEY);
              out.tenant(queue.tenant());
              out.function(queue.function());
              out.text(key);
            });
    List<Optional<byte[]>> answers = ask(question);
    Optional<Claim> known =
        answers.stream()
            .flatMap(Optional::stream)
            .map(
                bytes ->
                    Words.read(bytes, in -> in.optional(() -> new Claim(key, in.hash(), in.id()))))
            .flatMap(Optional::stream)
            .findFirst();
    if (known.isEmpty() && answers.stream().anyMatch(Optional::isEmpty)) {
      throw new IllegalStateException("a node that may know it does not answer");
    }
    return known;
  }

  /** Whether there is one ledger for all. */
  boolean isShared() {
    return shared;
  }

  /** Whether there are no other ledgers. */
  boolean isEmpty() {
    return shared || neighbours.others().isEmpty();
  }

  /** One that another node's ledger has; its end, where there is one. */
  Optional<InvocationRecord> find(TenantId tenant, InvocationId id) {
    return isEmpty()
        ? Optional.empty()
        : find(tenant, List.of(id)).stream()
            .reduce((one, other) -> one.state().terminal() ? one : other);
  }

  /** Those of these that other nodes' ledgers have; some perhaps twice. */
  List<InvocationRecord> find(TenantId tenant, List<InvocationId> ids) {
    if (isEmpty()) {
      return List.of();
    }
    return askAll(finding(tenant, ids));
  }

  /**
   * The same, when it must not be missed.
   *
   * @throws IllegalStateException if a node that is here does not answer in time
   */
  List<InvocationRecord> findSurely(TenantId tenant, List<InvocationId> ids) {
    if (isEmpty()) {
      return List.of();
    }
    List<Optional<byte[]>> answers = ask(finding(tenant, ids));
    if (answers.stream().anyMatch(Optional::isEmpty)) {
      throw new IllegalStateException(
          "another node does not say what became of " + ids.size() + " invocations");
    }
    return records(answers.stream().flatMap(Optional::stream).toList());
  }

  private static byte[] finding(TenantId tenant, List<InvocationId> ids) {
    return Words.write(
        out -> {
          out.kind(Question.FIND);
          out.tenant(tenant);
          out.list(ids, out::id);
        });
  }

  /** The newest of each other node that pass the filter. */
  List<InvocationRecord> list(TenantId tenant, InvocationFilter filter) {
    if (isEmpty()) {
      return List.of();
    }
    return askAll(
        Words.write(
            out -> {
              out.kind(Question.LIST);
              out.tenant(tenant);
              write(out, filter);
            }));
  }

  /**
   * Has whichever node has it put work that waits in its ledger alone into its shard.
   *
   * @return whether there was anybody to ask
   */
  boolean bring(TenantId tenant, InvocationId id) {
    askAll(
        Words.write(
            out -> {
              out.kind(Question.BRING);
              out.tenant(tenant);
              out.id(id);
            }));
    return !neighbours.others().isEmpty();
  }

  /**
   * Has another node keep copies, so that they are read while this one is down. The stage completes
   * when one has them, or none takes them; then they are here alone.
   */
  CompletionStage<Void> copy(List<InvocationRecord> ended) {
    List<NodeId> keepers = neighbours.keepers();
    if (ended.isEmpty() || isEmpty() || keepers.isEmpty()) {
      return CompletableFuture.completedFuture(null);
    }
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.KEEP);
              out.list(ended, out::record);
            });
    return copy(question, keepers, turn.getAndIncrement(), keepers.size());
  }

  private CompletionStage<Void> copy(byte[] question, List<NodeId> keepers, int next, int tries) {
    NodeId keeper = keepers.get(Math.floorMod(next, keepers.size()));
    return neighbours
        .ask(keeper, Topic.INVOCATIONS, question)
        .toCompletableFuture()
        .orTimeout(LONGEST_COPY.toMillis(), TimeUnit.MILLISECONDS)
        .<CompletionStage<Void>>handle(
            (done, failure) -> {
              if (failure != null) {
                log.warn("{} took no copies of ended invocations: {}", keeper, failure.toString());
              }
              return failure == null || tries == 1
                  ? CompletableFuture.<Void>completedFuture(null)
                  : copy(question, keepers, next + 1, tries - 1);
            })
        .thenCompose(copied -> copied);
  }

  private List<InvocationRecord> askAll(byte[] question) {
    return records(answers(question));
  }

  private static List<InvocationRecord> records(List<byte[]> answers) {
    return answers.stream()
        .flatMap(bytes -> Words.read(bytes, in -> in.list(in::record)).stream())
        .toList();
  }

  /** The answers of those who answer in time. */
  private List<byte[]> answers(byte[] question) {
    return ask(question).stream().flatMap(Optional::stream).toList();
  }

  /** All answers; empty of those who do not answer in time. */
  private List<Optional<byte[]>> ask(byte[] question) {
    List<CompletableFuture<Optional<byte[]>>> answers =
        neighbours.others().stream()
            .map(node -> neighbours.ask(node, Topic.INVOCATIONS, question).toCompletableFuture())
            .map(
                answer ->
                    answer
                        .thenApply(Optional::of)
                        .exceptionally(failure -> Optional.empty())
                        .completeOnTimeout(Optional.empty(), ANSWER_MILLIS, TimeUnit.MILLISECONDS))
            .toList();
    return answers.stream().map(CompletableFuture::join).toList();
  }

  private static byte[] answered(Own own, byte[] asked) {
    return Words.read(asked, in -> in.kind(Question.values())) == Question.KEY
        ? Words.read(asked, in -> keyed(own, in))
        : answer(own, asked);
  }

  private static byte[] keyed(Own own, WireInput in) throws IOException {
    in.kind(Question.values());
    Optional<Claim> found = own.keyed(new Queue(in.tenant(), in.function()), in.text());
    return Words.write(
        out ->
            out.optional(
                found,
                claim -> {
                  out.hash(claim.body());
                  out.id(claim.invocation());
                }));
  }

  private static byte[] answer(Own own, byte[] asked) {
    List<InvocationRecord> found =
        Words.read(
            asked,
            in ->
                switch (in.kind(Question.values())) {
                  case FIND -> own.find(in.tenant(), in.list(in::id));
                  case LIST -> own.list(in.tenant(), filter(in));
                  case KEEP -> {
                    own.keep(in.list(in::record));
                    yield List.of();
                  }
                  case KEY -> List.of();
                  case BRING -> {
                    own.bring(in.tenant(), in.id());
                    yield List.of();
                  }
                });
    return Words.write(out -> out.list(found, out::record));
  }

  private static void write(WireOutput out, InvocationFilter filter) throws IOException {
    out.optional(filter.function(), out::function);
    out.optional(filter.state(), out::kind);
    out.optional(filter.since(), since -> out.number(since.toEpochMilli()));
    out.number(filter.limit());
  }

  private static InvocationFilter filter(WireInput in) throws IOException {
    return new InvocationFilter(
        in.optional(in::function),
        in.optional(() -> in.kind(STATES)),
        in.optional(() -> Instant.ofEpochMilli(in.number())),
        in.integer());
  }
}
