package dev.fanfare.burst;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.cluster.SchedulerNode;
import dev.fanfare.encoding.WireInput;
import dev.fanfare.encoding.WireOutput;
import dev.fanfare.journal.BurstHead;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.sharing.Neighbours.Topic;
import dev.fanfare.sharing.Words;
import dev.fanfare.timeline.ChromeTrace;
import dev.fanfare.timeline.Timeline;
import dev.fanfare.timeline.TimelineSvg;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The bursts of all gateways, asked at any: those that run here, those that other nodes answer for,
 * and of those that go on by themselves what is written down. Thread-safe; nothing blocks.
 */
public final class AllBursts {
  /** How long another node may take; a burst that it alone knows is missing then. */
  static final long ANSWER_MILLIS = 2_000;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Bursts own;
  private final SchedulerNode node;
  private final Executor disk;

  /** What one node asks another. */
  private enum Question {
    PROGRESS,
    LIST,
    CANCEL,
    RESULTS,
    PICTURE
  }

  /** How a burst's times are drawn. */
  public enum Picture {
    SVG,
    TRACE
  }

  /** Begins to answer the other nodes. */
  public AllBursts(Bursts own, SchedulerNode node, Executor disk) {
    this.own = own;
    this.node = node;
    this.disk = disk;
    node.neighbours().answer(Topic.BURSTS, (from, question) -> answer(question));
  }

  /** How far a burst is; empty if there is none of the tenant's. */
  public Future<Optional<ObjectNode>> progress(TenantId tenant, String id) {
    return own.progress(tenant, id)
        .map(found -> found.map(BurstJson::document))
        .compose(
            here ->
                here.isPresent()
                    ? Future.succeededFuture(here)
                    : blocking(() -> progressElsewhere(tenant, id)));
  }

  private Optional<ObjectNode> progressElsewhere(TenantId tenant, String id) {
    return first(question(Question.PROGRESS, tenant, id))
        .map(AllBursts::document)
        .or(() -> node.bursts().find(tenant, id).map(this::written));
  }

  /** The tenant's bursts, the newest first. */
  public Future<List<ObjectNode>> list(TenantId tenant) {
    return own.list(tenant).compose(here -> blocking(() -> withOthers(tenant, here)));
  }

  private List<ObjectNode> withOthers(TenantId tenant, List<Progress> here) {
    Map<String, ObjectNode> all = new LinkedHashMap<>();
    here.forEach(one -> all.put(one.id(), BurstJson.document(one)));
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.LIST);
              out.tenant(tenant);
            });
    for (byte[] answer : askAll(question)) {
      Words.read(answer, in -> in.list(in::bytes))
          .forEach(bytes -> all.putIfAbsent(document(bytes).path("id").asText(), document(bytes)));
    }
    node.bursts().all(tenant).forEach(head -> all.putIfAbsent(head.id(), written(head)));
    return all.values().stream().sorted((a, b) -> startedAt(b).compareTo(startedAt(a))).toList();
  }

  private static String startedAt(ObjectNode document) {
    return document.path("startedAt").asText();
  }

  /** Ends what has not ended; a burst that has ended is left as it is. */
  public Future<Optional<ObjectNode>> cancel(TenantId tenant, String id, String reason) {
    return own.cancel(tenant, id, reason)
        .map(found -> found.map(BurstJson::document))
        .compose(
            here ->
                here.isPresent()
                    ? Future.succeededFuture(here)
                    : blocking(() -> cancelElsewhere(tenant, id, reason)));
  }

  private Optional<ObjectNode> cancelElsewhere(TenantId tenant, String id, String reason) {
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.CANCEL);
              out.tenant(tenant);
              out.text(id);
              out.text(reason);
            });
    return first(question)
        .map(AllBursts::document)
        .or(() -> node.bursts().find(tenant, id).map(head -> written(cancelled(head, reason))));
  }

  /** Nobody runs it at present: whoever takes it over sees that it is cancelled. */
  private BurstHead cancelled(BurstHead head, String reason) {
    if (head.over() || head.cancelled().isPresent()) {
      return head;
    }
    BurstHead cancelled =
        head.with(List.of(), head.complete(), List.of(), head.counts(), Optional.of(reason), 0);
    node.bursts().write(cancelled);
    return cancelled;
  }

  /**
   * A page of the results that are kept, in the order in which they came.
   *
   * @param place of the first one wanted, from 0
   */
  public Future<Optional<Bursts.Page>> results(TenantId tenant, String id, long place, int most) {
    return blocking(() -> node.bursts().find(tenant, id).map(head -> page(head, place)))
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found)
                    : own.results(tenant, id, place, most))
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture(found)
                    : blocking(() -> resultsElsewhere(tenant, id, place, most)));
  }

  private Bursts.Page page(BurstHead head, long place) {
    long first = 0;
    for (var page : head.results()) {
      if (place < first + page.count()) {
        byte[] lines = StoredItems.read(node.blobs(), page);
        int start = 0;
        for (long i = first; i < place; i++) {
          while (lines[start++] != '\n') {
            // to the next line
          }
        }
        Buffer rest = Buffer.buffer(lines).getBuffer(start, lines.length);
        return new Bursts.Page(rest, first + page.count(), 0, false);
      }
      first += page.count();
    }
    return new Bursts.Page(Buffer.buffer(), place, 0, head.over());
  }

  private Optional<Bursts.Page> resultsElsewhere(TenantId tenant, String id, long place, int most) {
    byte[] question =
        Words.write(
            out -> {
              out.kind(Question.RESULTS);
              out.tenant(tenant);
              out.text(id);
              out.number(place);
              out.number(most);
            });
    return first(question)
        .map(
            bytes ->
                Words.read(
                    bytes,
                    in ->
                        new Bursts.Page(
                            Buffer.buffer(in.bytes()), in.number(), in.number(), in.bool())));
  }

  /** When what happened, drawn; empty also where that was in the memory of a node that is gone. */
  public Future<Optional<Buffer>> picture(TenantId tenant, String id, Picture picture) {
    return own.timeline(tenant, id)
        .compose(
            found ->
                blocking(
                    () ->
                        found
                            .map(timeline -> draw(timeline, picture))
                            .or(() -> pictureElsewhere(tenant, id, picture))
                            .map(Buffer::buffer)));
  }

  private Optional<byte[]> pictureElsewhere(TenantId tenant, String id, Picture picture) {
    return first(
        Words.write(
            out -> {
              out.kind(Question.PICTURE);
              out.tenant(tenant);
              out.text(id);
              out.kind(picture);
            }));
  }

  private static byte[] draw(Timeline timeline, Picture picture) {
    return switch (picture) {
      case SVG -> TimelineSvg.draw(timeline).getBytes(UTF_8);
      case TRACE -> ChromeTrace.write(timeline);
    };
  }

  // ---- asking ----

  private static byte[] question(Question kind, TenantId tenant, String id) {
    return Words.write(
        out -> {
          out.kind(kind);
          out.tenant(tenant);
          out.text(id);
        });
  }

  /** The answer of whoever has something to say. */
  private Optional<byte[]> first(byte[] question) {
    return askAll(question).stream()
        .map(answer -> Words.read(answer, in -> in.optional(in::bytes)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private List<byte[]> askAll(byte[] question) {
    List<CompletableFuture<Optional<byte[]>>> answers = new ArrayList<>();
    for (NodeId other : node.neighbours().others()) {
      answers.add(
          node.neighbours()
              .ask(other, Topic.BURSTS, question)
              .toCompletableFuture()
              .thenApply(Optional::of)
              .exceptionally(failure -> Optional.empty())
              .completeOnTimeout(Optional.empty(), ANSWER_MILLIS, TimeUnit.MILLISECONDS));
    }
    return answers.stream().flatMap(answer -> answer.join().stream()).toList();
  }

  // ---- answering ----

  private byte[] answer(byte[] question) {
    return Words.read(
        question,
        in -> {
          Question kind = in.kind(Question.values());
          TenantId tenant = in.tenant();
          if (kind == Question.LIST) {
            List<byte[]> all =
                await(own.list(tenant)).stream()
                    .map(one -> bytes(BurstJson.document(one)))
                    .toList();
            return Words.write(out -> out.list(all, out::bytes));
          }
          Optional<byte[]> found = answer(kind, tenant, in.text(), in);
          return Words.write(out -> out.optional(found, out::bytes));
        });
  }

  private Optional<byte[]> answer(Question kind, TenantId tenant, String id, WireInput in)
      throws IOException {
    return switch (kind) {
      case PROGRESS, LIST ->
          await(own.progress(tenant, id)).map(one -> bytes(BurstJson.document(one)));
      case CANCEL ->
          await(own.cancel(tenant, id, in.text())).map(one -> bytes(BurstJson.document(one)));
      case RESULTS ->
          await(own.results(tenant, id, in.number(), in.integer()))
              .map(page -> Words.write(out -> write(out, page)));
      case PICTURE -> {
        Picture picture = in.kind(Picture.values());
        yield await(own.timeline(tenant, id)).map(timeline -> draw(timeline, picture));
      }
    };
  }

  private static void write(WireOutput out, Bursts.Page page) throws IOException {
    out.bytes(page.lines().getBytes());
    out.number(page.next());
    out.number(page.skipped());
    out.bool(page.last());
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS)
        .join();
  }

  // ---- words ----

  private ObjectNode written(BurstHead head) {
    long now = own.platform().clock().instant().toEpochMilli() * 1_000;
    return BurstJson.document(Progress.of(head, now));
  }

  private static byte[] bytes(ObjectNode document) {
    try {
      return JSON.writeValueAsBytes(document);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a document can always be written", e);
    }
  }

  private static ObjectNode document(byte[] bytes) {
    try {
      return (ObjectNode) JSON.readTree(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("a node of another version, perhaps", e);
    }
  }

  private <T> Future<T> blocking(Callable<T> work) {
    Promise<T> done = Promise.promise();
    disk.execute(
        () -> {
          T result;
          try {
            result = work.call();
          } catch (Exception e) {
            done.fail(e);
            return;
          }
          done.complete(result);
        });
    return done.future();
  }
}
