package dev.fanfare.journal;

import dev.fanfare.protocol.FunctionName;
import dev.fanfare.protocol.NodeId;
import dev.fanfare.protocol.RevisionId;
import dev.fanfare.protocol.Sha256;
import dev.fanfare.protocol.TenantId;
import dev.fanfare.sharing.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that is known of a burst that goes on by itself, but for what lies in its pages.
 *
 * @param settings how its items are submitted, in the gateway's words
 * @param prefix the blob of what goes before each item on the worker, if there is something
 * @param epoch how many nodes have run it, one after the other; of two heads of a burst the one of
 *     the later epoch holds
 * @param owner that runs it; nobody once it was let go of
 * @param items pages of them, in order
 * @param complete whether these are all items
 * @param results pages of them as NDJSON, in the order in which they were kept
 * @param cancelled why it was cancelled, if it was
 * @param beganAt epoch microseconds
 * @param endedAt epoch microseconds, 0 while it goes on
 */
public record BurstHead(
    String id,
    TenantId tenant,
    FunctionName function,
    RevisionId revision,
    byte[] settings,
    Optional<Sha256> prefix,
    long epoch,
    Optional<NodeId> owner,
    List<Page> items,
    boolean complete,
    List<Page> results,
    Counts counts,
    Optional<String> cancelled,
    long beganAt,
    long endedAt) {

  /** How many of the results that were kept say what. */
  public record Counts(long succeeded, long failed, long cancelled) {
    /** Of a burst that has no results yet. */
    public static final Counts NONE = new Counts(0, 0, 0);
  }

  public BurstHead {
    items = List.copyOf(items);
    results = List.copyOf(results);
  }

  /** How many items were kept. */
  public long itemCount() {
    return count(items);
  }

  /** How many results were kept. */
  public long resultCount() {
    return count(results);
  }

  /** Whether nothing can change any more. */
  public boolean over() {
    return endedAt != 0;
  }

  /** The same burst with somebody else, or nobody. */
  public BurstHead with(long nextEpoch, Optional<NodeId> nextOwner) {
    return new BurstHead(
        id, tenant, function, revision, settings, prefix, nextEpoch, nextOwner, items, complete,
        results, counts, cancelled, beganAt, endedAt);
  }

  /** With what goes before each item. */
  public BurstHead with(Sha256 itemPrefix) {
    return new BurstHead(
        id,
        tenant,
        function,
        revision,
        settings,
        Optional.of(itemPrefix),
        epoch,
        owner,
        items,
        complete,
        results,
        counts,
        cancelled,
        beganAt,
        endedAt);
  }

  /** With further pages, and what else changed. */
  public BurstHead with(
      List<Page> moreItems,
      boolean nowComplete,
      List<Page> moreResults,
      Counts nowCounts,
      Optional<String> nowCancelled,
      long nowEndedAt) {
    return new BurstHead(
        id,
        tenant,
        function,
        revision,
        settings,
        prefix,
        epoch,
        owner,
        Stream.concat(items.stream(), moreItems.stream()).toList(),
        nowComplete,
        Stream.concat(results.stream(), moreResults.stream()).toList(),
        nowCounts,
        nowCancelled,
        beganAt,
        nowEndedAt);
  }

  /** Every blob it needs. */
  public List<Sha256> blobs() {
    var all = new ArrayList<Sha256>();
    prefix.ifPresent(all::add);
    items.forEach(page -> all.add(page.hash()));
    results.forEach(page -> all.add(page.hash()));
    return all;
  }

  byte[] write() {
    return Words.write(
        out -> {
          out.text(id);
          out.tenant(tenant);
          out.function(function);
          out.revision(revision);
          out.bytes(settings);
          out.optional(prefix, out::hash);
          out.number(epoch);
          out.optional(owner, out::node);
          out.bool(complete);
          for (List<Page> pages : List.of(items, results)) {
            out.list(
                pages,
                page -> {
                  out.hash(page.hash());
                  out.number(page.count());
                });
          }
          out.number(counts.succeeded);
          out.number(counts.failed);
          out.number(counts.cancelled);
          out.optional(cancelled, out::text);
          out.number(beganAt);
          out.number(endedAt);
        });
  }

  static BurstHead read(byte[] bytes) {
    return Words.read(
        bytes,
        in -> {
          String id = in.text();
          TenantId tenant = in.tenant();
          FunctionName function = in.function();
          RevisionId revision = in.revision();
          byte[] settings = in.bytes();
          Optional<Sha256> prefix = in.optional(in::hash);
          long epoch = in.number();
          Optional<NodeId> owner = in.optional(in::node);
          boolean complete = in.bool();
          List<Page> items = in.list(() -> new Page(in.hash(), in.number()));
          List<Page> results = in.list(() -> new Page(in.hash(), in.number()));
          return new BurstHead(
              id,
              tenant,
              function,
              revision,
              settings,
              prefix,
              epoch,
              owner,
              items,
              complete,
              results,
              new Counts(in.number(), in.number(), in.number()),
              in.optional(in::text),
              in.number(),
              in.number());
        });
  }

  private static long count(List<Page> pages) {
    return pages.stream().mapToLong(Page::count).sum();
  }
}
